using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests that an observer is called for every block while it is installed, and not after.</summary>
public sealed unsafe class HeapObserverTests : IDisposable
{
    private readonly HeapFixture _heap = new(64 << 20);
    private readonly Seen* _seen;

    public HeapObserverTests()
    {
        _seen = (Seen*)NativeMemory.AllocZeroed((nuint)sizeof(Seen));
        _seen->Observer = new HeapObserver(&OnAllocated, &OnResized, &OnFreed);
    }

    public void Dispose()
    {
        _heap.Dispose();
        NativeMemory.Free(_seen);
    }

    [Fact]
    public void Every_block_of_every_size_is_seen_leaving_and_returning()
    {
        HeapState.SetObserver(_heap.State, &_seen->Observer);
        nuint bytes = 0;
        List<nuint> blocks = [];
        for (nuint size = 0; size < 3_000_000; size += 1 + (size / 3))
        {
            for (int count = 0; count < 20; count++)
            {
                blocks.Add((nuint)Frontend.Allocate(size, _heap.Thread));
                bytes += size;
            }
        }

        Assert.Equal(((nuint)blocks.Count, bytes), (_seen->Allocations, _seen->AllocatedBytes));
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Assert.Equal(_seen->Allocations, _seen->Frees);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void Blocks_that_a_reset_discards_are_seen_returning()
    {
        HeapState.SetObserver(_heap.State, &_seen->Observer);
        ThreadHeap* other = ThreadLifetime.Acquire(_heap.State, int.MaxValue);
        for (int round = 0; round < 3; round++)
        {
            List<nuint> blocks = Take(3000);
            blocks.Add((nuint)Frontend.Allocate(300_000, _heap.Thread));
            blocks.Add((nuint)Frontend.AllocateAligned(100, 4 << 20, _heap.Thread));
            for (int index = 0; index < blocks.Count; index += 3)
            {
                Frontend.Free((void*)blocks[index], index % 2 == 0 ? other : _heap.Thread);
            }

            Assert.True(_seen->Allocations > _seen->Frees + 1000);
            Frontend.Reset(_heap.State);
            Assert.Equal(_seen->Allocations, _seen->Frees);
        }

        Assert.True(HeapCheck.IsValid(_heap.State));
        ThreadLifetime.Retire(other);
    }

    [Fact]
    public void Blocks_from_before_are_seen_returning_and_those_after_it_are_not_seen()
    {
        List<nuint> blocks = Take(500);
        HeapState.SetObserver(_heap.State, &_seen->Observer);
        void* first = Frontend.Allocate(2000, _heap.Thread);
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Assert.Equal(((nuint)1, (nuint)500), (_seen->Allocations, _seen->Frees));

        HeapState.SetObserver(_heap.State, null);
        Frontend.Free(first, _heap.Thread);
        _ = Take(500);
        Assert.Equal(((nuint)1, (nuint)500), (_seen->Allocations, _seen->Frees));
        Assert.True(HeapCheck.IsValid(_heap.State));
        Assert.False(_heap.Thread->Observed);
    }

    [Fact]
    public void Resizing_in_place_and_moving_are_both_seen()
    {
        HeapState.SetObserver(_heap.State, &_seen->Observer);
        void* block = Frontend.Allocate(100, _heap.Thread);
        block = Frontend.Reallocate(block, 110, _heap.Thread);
        block = Frontend.Reallocate(block, 5000, _heap.Thread);
        block = Frontend.Reallocate(block, 500_000, _heap.Thread);
        block = Frontend.Reallocate(block, 600_000, _heap.Thread);
        Frontend.Free(block, _heap.Thread);
        Assert.Equal(((nuint)5, (nuint)5), (_seen->Allocations, _seen->Frees));
    }

    [Fact]
    public void A_block_that_is_remapped_is_seen_returning_and_leaving_at_its_new_address()
    {
        HeapState.SetObserver(_heap.State, &_seen->Observer);
        void* block = Frontend.Allocate(100_000_000, _heap.Thread);
        block = Frontend.Reallocate(block, 200_000_000, _heap.Thread);
        block = Frontend.Reallocate(block, 900_000_000, _heap.Thread);
        Assert.Equal((nuint)block, _seen->LastAllocated);
        Frontend.Free(block, _heap.Thread);
        Assert.Equal((nuint)block, _seen->LastFreed);
        Assert.Equal(((nuint)3, (nuint)3), (_seen->Allocations, _seen->Frees));
    }

    [Fact]
    public void A_full_page_is_set_aside_again_when_the_observer_is_removed()
    {
        HeapState.SetObserver(_heap.State, &_seen->Observer);
        List<nuint> blocks = Take(10_000);
        HeapState.SetObserver(_heap.State, null);
        _ = Frontend.Allocate(2000, _heap.Thread);
        Page* page = _heap.State->Backend.Find((void*)blocks[0], out _);
        Assert.Equal((PagePlace.Full, page->Capacity), (page->Place, (ushort)page->Used));

        // An eighth of the blocks may be freed before the page is inspected.
        Assert.Equal((nuint)(page->Capacity / 8) - 1, page->Left);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void A_reclaimed_thread_heap_is_observed_from_its_first_call_on()
    {
        ThreadHeap* other = ThreadLifetime.Acquire(_heap.State, int.MaxValue - 1);
        void* kept = Frontend.Allocate(64, other);
        ThreadLifetime.Retire(other);
        HeapState.SetObserver(_heap.State, &_seen->Observer);
        ThreadHeap* again = ThreadLifetime.Acquire(_heap.State, int.MaxValue - 2);
        Assert.True(again == other);
        Frontend.Free(kept, again);
        Assert.Equal((nuint)1, _seen->Frees);
    }

    private List<nuint> Take(int count)
    {
        List<nuint> blocks = [];
        for (int index = 0; index < count; index++)
        {
            blocks.Add((nuint)Frontend.Allocate(48, _heap.Thread));
        }

        return blocks;
    }

    private static void OnAllocated(HeapObserver* observer, void* block, nuint size)
    {
        ((Seen*)observer)->Allocations++;
        ((Seen*)observer)->AllocatedBytes += size;
        ((Seen*)observer)->LastAllocated = (nuint)block;
    }

    private static void OnResized(HeapObserver* observer, void* from, void* to, nuint size)
    {
        OnAllocated(observer, to, size);
        if (from == to)
        {
            OnFreed(observer, from, 0);
        }
    }

    private static void OnFreed(HeapObserver* observer, void* block, nuint size)
    {
        ((Seen*)observer)->Frees++;
        ((Seen*)observer)->LastFreed = (nuint)block;
    }

    private struct Seen
    {
        public HeapObserver Observer;
        public nuint Allocations;
        public nuint AllocatedBytes;
        public nuint Frees;
        public nuint LastAllocated;
        public nuint LastFreed;
    }
}
