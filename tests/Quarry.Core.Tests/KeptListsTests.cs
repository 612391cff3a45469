using System;
using System.Collections.Generic;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests thread heaps that are abandoned with their free lists, for the next thread.</summary>
public sealed unsafe class KeptListsTests : IDisposable
{
    // No thread has this ID, so it is that of an ended thread.
    private const int EndedThread = int.MaxValue - 1;

    private readonly HeapFixture _heap = new(64 << 20, decay: 1000);

    public void Dispose()
    {
        Assert.True(HeapCheck.IsValid(_heap.State));
        _heap.Dispose();
    }

    [Fact]
    public void The_next_thread_allocates_from_the_lists_of_the_one_before()
    {
        ThreadHeap* first = Acquire();
        void* block = Frontend.Allocate(100, first);
        Block* list = ThreadHeap.FreeLists(first)[SmallSizes<EightPerDoubling>.ClassOf(100)];
        ThreadLifetime.RetireForSuccessor(first);
        Assert.Equal((1u, 1u), (_heap.Statistics.InUseBlocks, _heap.Statistics.Allocations));

        ThreadHeap* second = Acquire();
        Assert.True(second == first && !second->KeepsLists);
        Assert.True(Frontend.Allocate(100, second) == list);
        Frontend.Free(list, second);
        Frontend.Free(block, second);
        Assert.Equal((0u, 2u), (_heap.Statistics.InUseBlocks, _heap.Statistics.Allocations));
    }

    [Fact]
    public void Another_thread_takes_a_current_page_before_fresh_memory()
    {
        ThreadHeap* ended = Acquire();
        void* block = Frontend.Allocate(1000, ended);
        ThreadLifetime.RetireForSuccessor(ended);
        nuint used = _heap.State->Backend.Used;
        void* other = Frontend.Allocate(1000, _heap.Thread);
        Assert.Equal(used, _heap.State->Backend.Used);
        Assert.Equal((nuint)block / Region.SliceSize, (nuint)other / Region.SliceSize);
        Frontend.Free(block, _heap.Thread);
        Frontend.Free(other, _heap.Thread);
    }

    [Fact]
    public void Blocks_are_freed_by_other_threads()
    {
        ThreadHeap* ended = Acquire();
        List<nuint> blocks = Take(ended, 3000);
        ThreadLifetime.RetireForSuccessor(ended);
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        HeapUpkeep.Settle(_heap.Thread);
        Assert.Equal(0u, _heap.Statistics.InUseBlocks);
        HeapUpkeep.Recover(_heap.Thread);
        Assert.Equal(0u, _heap.State->Backend.Used);
    }

    [Fact]
    public void A_sweep_frees_the_pages_without_blocks_in_use()
    {
        ThreadHeap* ended = EndWithoutBlocksInUse();
        Assert.NotEqual(0u, _heap.State->Backend.Used);
        Assert.True(IdlePages.Waits(_heap.Thread, Os.Milliseconds()));

        IdlePages.Step(_heap.Thread, Os.Milliseconds() + 10_000);
        Assert.False(ended->KeepsLists);
        Assert.Equal(0u, _heap.State->Backend.Used);
    }

    [Fact]
    public void A_background_thread_frees_the_pages_without_blocks_in_use()
    {
        ThreadHeap* ended = EndWithoutBlocksInUse();
        _ = HeapUpkeep.Attend(_heap.State, Os.Milliseconds() + 10_000);
        Assert.False(ended->KeepsLists);
        Assert.Equal(0u, _heap.State->Backend.Used);
    }

    [Fact]
    public void Nothing_is_kept_if_memory_is_returned_at_once()
    {
        using HeapFixture heap = new(64 << 20, decay: 0);
        ThreadHeap* thread = ThreadLifetime.Acquire(heap.State, EndedThread);
        Frontend.Free(Frontend.Allocate(1000, thread), thread);
        ThreadLifetime.RetireForSuccessor(thread);
        Assert.False(thread->KeepsLists);
        Assert.Equal(0u, heap.State->Backend.Used);
    }

    [Fact]
    public void A_trim_frees_the_pages_without_blocks_in_use()
    {
        ThreadHeap* ended = EndWithoutBlocksInUse();
        _ = HeapUpkeep.Trim(_heap.Thread);
        Assert.False(ended->KeepsLists);
        Assert.Equal(0u, _heap.State->Backend.Used);
    }

    [Fact]
    public void The_lists_of_a_claimant_that_was_killed_are_returned()
    {
        ThreadHeap* ended = EndWithoutBlocksInUse();
        Assert.True(ThreadOwnership.TryClaimAbandoned(ended, EndedThread));
        ThreadLifetime.ReclaimDead(_heap.State, _heap.Thread, 4);
        Assert.False(ended->KeepsLists);
        Assert.Equal(0u, _heap.State->Backend.Used);
    }

    [Fact]
    public void Few_thread_heaps_keep_their_lists()
    {
        List<nuint> threads = [];
        for (int index = 0; index < 40; index++)
        {
            ThreadHeap* thread = ThreadLifetime.AcquireSecond(_heap.State, ThreadOwnership.Unknown);
            Frontend.Free(Frontend.Allocate(100, thread), thread);
            threads.Add((nuint)thread);
        }

        int kept = 0;
        foreach (nuint thread in threads)
        {
            ThreadLifetime.RetireForSuccessor((ThreadHeap*)thread);
            kept += ((ThreadHeap*)thread)->KeepsLists ? 1 : 0;
        }

        Assert.InRange(kept, 1, 20);
        Assert.Equal((nuint)kept * Region.SliceSize, _heap.State->Backend.Used);
    }

    private ThreadHeap* Acquire() => ThreadLifetime.Acquire(_heap.State, EndedThread);

    private ThreadHeap* EndWithoutBlocksInUse()
    {
        ThreadHeap* ended = Acquire();
        Take(ended, 100).ForEach(block => Frontend.Free((void*)block, ended));
        ThreadLifetime.RetireForSuccessor(ended);
        return ended;
    }

    private static List<nuint> Take(ThreadHeap* thread, int count)
    {
        List<nuint> blocks = [];
        for (int index = 0; index < count; index++)
        {
            blocks.Add((nuint)Frontend.Allocate(1000, thread));
        }

        return blocks;
    }
}
