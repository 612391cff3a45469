using System;
using System.Threading;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Allocators;

public sealed unsafe class PressuredTests
{
    [Fact]
    public void It_keeps_the_promises_of_an_allocator()
    {
        AllocatorConformance.Verify(() => new Pressured<Heap>(new Heap(), 4096), Destroy);
        AllocatorConformance.Verify(() => new Pressured<Arena>(new Arena()), Destroy);
    }

    [Fact]
    public void The_collector_is_told_in_steps()
    {
        using Heap heap = new();
        using Pressured<Heap> pressured = new(heap, 1000);
        Layout layout = Layout.Create(400, 8);
        void* first = pressured.Allocate(layout), second = pressured.AllocateZeroed(layout);
        Assert.Equal(0u, pressured.PressureBytes);
        void* third = pressured.Reallocate(null, layout, 400);
        Assert.Equal(1200u, pressured.PressureBytes);
        first = pressured.Reallocate(first, layout, 2000);
        Assert.Equal(2800u, pressured.PressureBytes);
        pressured.Deallocate(second, layout);
        pressured.Deallocate(third, layout);
        Assert.Equal(2800u, pressured.PressureBytes);
        pressured.Deallocate(first, Layout.Create(2000, 8));
        pressured.Deallocate(null, layout);
        Assert.Equal(0u, pressured.PressureBytes);
    }

    [Fact]
    public void A_reset_and_the_end_withdraw_the_pressure()
    {
        using Arena arena = new();
        Pressured<Arena> pressured = new(arena, 100);
        _ = pressured.Allocate(Layout.Create(1000, 8));
        Assert.Equal(1000u, pressured.PressureBytes);
        pressured.DeallocateAll();
        Assert.Equal((0u, (nuint)0), (pressured.PressureBytes, arena.UsedBytes));
        _ = pressured.Allocate(Layout.Create(1000, 8));
        pressured.Dispose();
        pressured.Dispose();
        Assert.True(!pressured.IsAlive && pressured.Allocate(Layout.Of<long>()) == null);
        Assert.Equal(0u, pressured.PressureBytes);
    }

    /// <summary>
    /// An object that holds a megabyte each looks small to the collector: only the pressure makes it collect.
    /// </summary>
    [Fact]
    public void Pressure_makes_the_collector_collect()
    {
        using Heap heap = new();
        using Pressured<Heap> pressured = new(heap);
        Layout layout = Layout.Create(1.MiB(), 8);
        int before = GC.CollectionCount(0), blocks = 0;

        // The collector ignores pressure for a time that depends on how long its last collections took.
        while (GC.CollectionCount(0) == before && blocks < 10_000)
        {
            for (int round = 0; round < 100; round++, blocks++)
            {
                pressured.Allocate(layout);
            }

            Assert.InRange(
                pressured.PressureBytes, (nuint)blocks * 1.MiB() - 256.KiB(), (nuint)blocks * 1.MiB());
            Thread.Sleep(50);
        }

        Assert.NotEqual(before, GC.CollectionCount(0));
    }

    private static void Destroy<TInner>(Pressured<TInner> pressured)
        where TInner : unmanaged, IAllocator, IDisposable
    {
        pressured.Dispose();
        pressured.Inner.Dispose();
    }
}
