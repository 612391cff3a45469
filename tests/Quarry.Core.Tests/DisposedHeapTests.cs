using System;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>A heap that one thread disposes of while another one has used it last.</summary>
[Collection(nameof(Alone))]
public unsafe class DisposedHeapTests
{
    private static readonly Layout s_small = HeapTests.Of(100), s_large = HeapTests.Of(1_000_000);

    [Fact]
    public void Every_request_fails_and_what_throws_says_that_the_heap_was_disposed()
    {
        Heap heap = new();
        void* small = heap.Allocate(s_small);
        void* large = heap.Allocate(s_large);
        DisposeElsewhere(heap);
        Assert.True(heap.Allocate(s_small) == null);
        Assert.True(heap.Allocate(s_large) == null);
        Assert.True(heap.AllocateZeroed(s_small) == null);
        Assert.True(heap.Reallocate(small, s_small, 200) == null);
        Assert.True(heap.Reallocate(large, Aligned, 200) == null);
        Assert.False(heap.TryResize(small, s_small, 50));
        Assert.Equal(0u, heap.UsableSize(small, s_small));
        _ = Assert.Throws<ObjectDisposedException>(() => heap.Alloc(100));
        _ = Assert.Throws<ObjectDisposedException>(() => heap.Trim());
        _ = Assert.Throws<ObjectDisposedException>(() => heap.GetStatistics());
    }

    // To test for it would cost every deallocation a load.
    [Fact]
    public void Deallocating_throws_though_no_exception_that_says_why()
    {
        Heap heap = new();
        void* small = heap.Allocate(s_small);
        void* large = heap.Allocate(s_large);
        DisposeElsewhere(heap);
        _ = Assert.Throws<NullReferenceException>(() => heap.Deallocate(small, s_small));
        _ = Assert.Throws<NullReferenceException>(() => heap.Deallocate(large, s_large));
    }

    [Fact]
    public void No_call_reaches_another_heap_of_the_process()
    {
        Heap heap = new();
        _ = heap.Allocate(s_small);
        DisposeElsewhere(heap);
        Heap other = new();
        nuint blocks = other.GetStatistics().Allocations;
        Assert.True(heap.Allocate(s_small) == null);
        Assert.Equal(blocks, other.GetStatistics().Allocations);
        other.Dispose();
    }

    private static Layout Aligned
    {
        get
        {
            Assert.True(Layout.TryCreate(1_000_000, 4096, out Layout layout));
            return layout;
        }
    }

    private static void DisposeElsewhere(Heap heap)
    {
        Thread thread = new(heap.Dispose);
        thread.Start();
        thread.Join();
    }
}
