using System;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests thread heaps that threads claim for one call each.</summary>
public sealed unsafe class SharedThreadHeapTests : IDisposable
{
    // No thread has this ID, so it is that of an ended thread.
    private const int EndedThread = int.MaxValue - 1;

    private readonly HeapFixture _heap = new(64 << 20);

    public void Dispose() => _heap.Dispose();

    private ThreadHeap* Acquire() => ThreadLifetime.AcquireShared(_heap.State, _heap.Thread->ThreadId);

    [Fact]
    public void There_are_as_many_as_calls_at_the_same_time()
    {
        ThreadHeap* first = Acquire();
        ThreadHeap* second = Acquire();
        Assert.True(first != second);
        ThreadLifetime.ReleaseShared(second);
        ThreadLifetime.ReleaseShared(first);
        for (int call = 0; call < 100; call++)
        {
            ThreadHeap* again = Acquire();
            Assert.True(again == first || again == second);
            ThreadLifetime.ReleaseShared(again);
        }
    }

    [Fact]
    public void No_thread_acquires_one_for_itself()
    {
        ThreadLifetime.ReleaseShared(Acquire());
        ThreadHeap* own = ThreadLifetime.Acquire(_heap.State, EndedThread);
        Assert.False(own->IsShared);
        Assert.Equal(2u, _heap.Statistics.Threads);
        ThreadLifetime.Retire(own);
        Assert.Equal(1u, _heap.State->AbandonedCount);
    }

    [Fact]
    public void Blocks_are_freed_by_any_thread_and_pages_become_free()
    {
        for (int call = 0; call < 10_000; call++)
        {
            ThreadHeap* shared = Acquire();
            void* block = Frontend.AllocateAligned((nuint)(call % 3000) + 1, 16, shared);
            ThreadLifetime.ReleaseShared(shared);
            Frontend.Free(block, _heap.Thread);
        }

        Assert.Equal((0u, 10_000u), (_heap.Statistics.InUseBlocks, _heap.Statistics.Allocations));
        HeapUpkeep.Recover(_heap.Thread);
        Assert.Equal(0u, _heap.Statistics.UsedBytes);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void One_that_an_ended_thread_had_claimed_is_shared_again()
    {
        ThreadHeap* shared = Acquire();
        void* block = Frontend.AllocateAligned(100, 16, shared);
        _ = ThreadOwnership.TryClaim(shared, shared->User, EndedThread);
        ThreadLifetime.ReclaimDead(_heap.State, _heap.Thread, 4);
        Assert.Equal(0, shared->ThreadId);
        Assert.True(Acquire() == shared);
        ThreadLifetime.ReleaseShared(shared);
        Frontend.Free(block, _heap.Thread);
        Assert.Equal(0u, _heap.Statistics.InUseBlocks);
        Assert.Equal(0u, _heap.State->AbandonedCount);
    }
}
