using System;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Allocators;

public sealed unsafe class AnyAllocatorTests
{
    [Fact]
    public void It_keeps_the_promises_of_an_allocator_over_a_heap() =>
        AllocatorConformance.Verify(() => AnyAllocator.Create(new Heap()), Destroy<Heap>);

    [Fact]
    public void It_keeps_the_promises_of_an_allocator_over_an_arena() =>
        AllocatorConformance.Verify(() => AnyAllocator.Create(new Arena()), Destroy<Arena>);

    [Fact]
    public void It_keeps_the_promises_of_an_allocator_over_malloc() => AllocatorConformance.Verify(
        () => AnyAllocator.Create(default(SystemHeap)), any => any.Dispose());

    [Fact]
    public void Collections_on_any_allocator_have_one_type()
    {
        using Heap heap = new();
        using Arena arena = new();
        using var onHeap = AnyAllocator.Create(heap);
        using var onArena = AnyAllocator.Create(arena);
        NativeList<int, AnyAllocator>[] lists = [new(onHeap), new(onArena)];
        foreach (NativeList<int, AnyAllocator> list in lists)
        {
            for (int item = 0; item < 1000; item++)
            {
                list.Add(item);
            }

            Assert.Equal(999, list[^1]);
        }

        Assert.True(arena.UsedBytes >= 4000 && heap.GetStatistics().InUseBytes >= 4000);
        Array.ForEach(lists, list => list.Dispose());
        Assert.Equal(0u, heap.GetStatistics().InUseBytes);
    }

    [Fact]
    public void What_is_inside_can_be_asked_for()
    {
        using Heap heap = new();
        using var any = AnyAllocator.Create(heap);
        Assert.Equal(Heap.Traits, any.InnerTraits);
        Assert.True(any.TryGet(out Heap inner) && inner == heap);
        Assert.False(any.TryGet(out Arena _));
        AnyAllocator copy = any;
        Assert.True(copy == any && copy.GetHashCode() == any.GetHashCode());
        using var other = AnyAllocator.Create(heap);
        Assert.True(other != any && !any.Equals((object)other));
    }

    [Fact]
    public void A_handle_that_is_not_alive_serves_nothing()
    {
        using Heap heap = new();
        Layout layout = Layout.Of<long>();
        var any = AnyAllocator.Create(heap);
        void* block = any.Allocate(layout);
        any.Dispose();
        any.Dispose();
        foreach (AnyAllocator dead in (AnyAllocator[])[any, default])
        {
            Assert.False(dead.IsAlive || dead.TryGet(out Heap _) || dead.TryResize(block, layout, 4));
            Assert.True(dead.Allocate(layout) == null && dead.AllocateZeroed(layout) == null);
            Assert.True(dead.Reallocate(block, layout, 16) == null);
            dead.Deallocate(block, layout);
            Assert.Equal(AllocatorTraits.None, dead.InnerTraits);
        }

        Assert.NotEqual(0u, heap.GetStatistics().InUseBytes);
        _ = Assert.Throws<ObjectDisposedException>(() => new NativeList<int, AnyAllocator>(any));
        Exception failure = Assert.Throws<InvalidOperationException>(
            () => new NativeList<int, AnyAllocator>(default(AnyAllocator)));
        Assert.Contains("AnyAllocator", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_the_allocator_inside_is_reported()
    {
        Heap heap = new();
        using var any = AnyAllocator.Create(heap);
        heap.Dispose();
        Assert.True(any.IsAlive && any.Allocate(Layout.Of<long>()) == null);
        Assert.Contains("Heap", Assert.Throws<ObjectDisposedException>(
            () => new NativeList<int, AnyAllocator>(any)).Message, StringComparison.Ordinal);
    }

    private static void Destroy<TInner>(AnyAllocator any)
        where TInner : unmanaged, IAllocator, IDisposable
    {
        Assert.True(any.TryGet(out TInner inner));
        any.Dispose();
        inner.Dispose();
    }
}
