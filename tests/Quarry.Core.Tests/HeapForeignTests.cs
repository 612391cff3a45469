using System;
using System.Collections.Generic;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Pointers that are no block of the heap are told to its owner, and nothing else happens.</summary>
public sealed unsafe class HeapForeignTests : IDisposable
{
    [ThreadStatic]
    private static List<nuint>? t_reported;

    private readonly Heap _heap;

    public HeapForeignTests()
    {
        t_reported = [];
        _heap = new Heap(new HeapOptions { OnForeign = &Report, ReserveBytes = 4 << 20 });
    }

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Memory_of_others_is_reported_and_unharmed()
    {
        long local = 42;
        _heap.Deallocate(&local, default);
        Assert.Equal([(nuint)(&local)], t_reported!);
        Assert.Equal(42, local);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0x1000)]
    [InlineData(0x7fff_ffff_f000)]
    [InlineData(-4096)]
    [InlineData(-1)]
    public void Addresses_that_nothing_lies_at_are_reported(long address)
    {
        _heap.Deallocate((void*)(nint)address, default);
        Assert.Equal([(nuint)(nint)address], t_reported!);
    }

    [Fact]
    public void A_misaligned_address_that_another_thread_frees_is_reported()
    {
        byte* block = (byte*)_heap.Allocate(HeapTests.Of(48));
        nuint address = (nuint)block + 1;
        List<nuint>? reported = null;
        Thread thread = new(() =>
        {
            t_reported = reported = [];
            _heap.Deallocate((void*)address, default);
        });
        thread.Start();
        thread.Join();
        Assert.Equal([address], reported!);
        Assert.Equal(1u, _heap.GetStatistics().InUseBlocks);
        _heap.Deallocate(block, default);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(50_000)]
    [InlineData(1_000_000)]
    [InlineData(9_000_000)]
    public void A_block_of_another_heap_is_reported_and_unharmed(int size)
    {
        Heap other = new();
        Layout layout = HeapTests.Of((nuint)size);
        void* block = other.Allocate(layout);
        Pattern.Fill(block, layout.Size, 1);
        _heap.Deallocate(block, layout);
        Assert.Equal([(nuint)block], t_reported!);
        Assert.True(Pattern.Holds(block, layout.Size, 1));
        Assert.Equal(1u, other.GetStatistics().InUseBlocks);
        other.Dispose();
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(10_000_000)]
    public void A_large_block_that_is_freed_twice_is_reported(int size)
    {
        Layout layout = HeapTests.Of((nuint)size);
        void* block = _heap.Allocate(layout);
        _heap.Deallocate(block, layout);
        Assert.Empty(t_reported!);
        _heap.Deallocate(block, layout);
        Assert.Equal([(nuint)block], t_reported!);
        Assert.Equal(0u, _heap.GetStatistics().InUseBlocks);
    }

    [Theory]
    [InlineData(200_000, 16)]
    [InlineData(200_000, 65536)]
    [InlineData(10_000_000, 4096)]
    [InlineData(10_000_000, 2 << 20)]
    public void An_address_inside_a_large_block_is_reported_and_the_block_unharmed(int size, int offset)
    {
        Layout layout = HeapTests.Of((nuint)size);
        byte* block = (byte*)_heap.Allocate(layout);
        Pattern.Fill(block, layout.Size, 1);
        _heap.Deallocate(block + offset, layout);
        Assert.Equal([(nuint)block + (nuint)offset], t_reported!);
        Assert.True(Pattern.Holds(block, layout.Size, 1));
        _heap.Deallocate(block, layout);
        Assert.Single(t_reported!);
    }

    [Fact]
    public void The_tables_of_the_heap_are_no_blocks()
    {
        byte* block = (byte*)_heap.Allocate(HeapTests.Of(100));
        byte* start = (byte*)Layout.AlignDown((nuint)block, Region.Alignment);
        _heap.Deallocate(start, default);
        _heap.Deallocate(start + 100_000, default);
        _heap.Deallocate(start + (4 << 20) - 16, default);
        Assert.Equal(3, t_reported!.Count);
        Assert.Equal(1u, _heap.GetStatistics().InUseBlocks);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    public void Reallocating_foreign_memory_is_reported_and_yields_null(int alignment)
    {
        byte* foreign = stackalloc byte[256];
        Assert.True(_heap.Reallocate(foreign, HeapTests.Of(200, (nuint)alignment), 1000) == null);
        Assert.Equal([(nuint)foreign], t_reported!);
    }

    [Fact]
    public void Nobody_need_be_told()
    {
        Heap heap = new();
        int local = 1;
        heap.Deallocate(&local, default);
        Assert.Equal(1, local);
        heap.Dispose();
    }

    private static void Report(void* address) => t_reported!.Add((nuint)address);
}
