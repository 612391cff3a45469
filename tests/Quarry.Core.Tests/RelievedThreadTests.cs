using System;
using System.Collections.Generic;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests relieving: freeing pages of a sleeping thread whose blocks other threads freed.</summary>
public sealed unsafe class RelievedThreadTests : IDisposable
{
    // No thread has this ID, so nothing drains the queue of its thread heap.
    private const int Sleeper = int.MaxValue - 1;

    private readonly HeapFixture _heap = new(64 << 20);
    private nuint _owner;

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(60_000)]
    public void Full_pages_are_freed_by_a_trim_of_another_thread(int size)
    {
        ThreadHeap* sleeper = Sleep();
        List<nuint> blocks = Take(sleeper, size, 2_000_000 / size);
        nuint used = _heap.State->Backend.Used;
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Relieve(sleeper);
        AssertUsed(used / 4);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1000)]
    public void Pages_of_which_the_owner_freed_some_blocks_are_freed(int size)
    {
        Assert.SkipUnless(Atomic.StoresAreOrdered, "stores do not become visible in order");
        ThreadHeap* sleeper = Sleep();
        List<nuint> blocks = Take(sleeper, size, 2_000_000 / size);
        nuint used = _heap.State->Backend.Used;
        for (int index = 0; index < blocks.Count; index++)
        {
            // Fewer than an eighth, so that the pages stay full.
            Frontend.Free((void*)blocks[index], index % 20 == 0 ? sleeper : _heap.Thread);
        }

        Relieve(sleeper);
        AssertUsed(used / 4);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(6000)]
    public void A_thread_that_posts_much_relieves_the_owner(int size)
    {
        List<nuint> blocks = Take(Sleep(), size, 12_000_000 / size);
        nuint used = _heap.State->Backend.Used;

        // In an order in which the pages become unused at the end. Few blocks of each may be missing then.
        for (int index = 0; index < blocks.Count; index++)
        {
            Frontend.Free((void*)blocks[(int)(index * 7919L % blocks.Count)], _heap.Thread);
        }

        HeapUpkeep.Settle(_heap.Thread);
        AssertUsed(used / 2);
    }

    [Fact]
    public void Pages_are_relieved_while_the_owner_frees_blocks_of_them()
    {
        const int Owner = 0, Freeing = 1, Rounds = 200, Count = 3000, Size = 200;
        using Barrier barrier = new(2);
        List<nuint> blocks = [];
        HeapThreadsTests.Run(2, number =>
        {
            ThreadHeap* thread = ThreadLifetime.Acquire(_heap.State, Os.ThreadId());
            _owner = number == Owner ? (nuint)thread : _owner;
            for (int round = 0; round < Rounds; round++)
            {
                if (number == Owner)
                {
                    blocks = Take(thread, Size, Count);
                }

                barrier.SignalAndWait();
                for (int index = 0; index < Count; index++)
                {
                    if ((index % 25 == round % 25) != (number == Freeing))
                    {
                        Assert.True(Pattern.Holds((void*)blocks[index], Size, (uint)index));
                        Frontend.Free((void*)blocks[index], thread);
                    }
                }

                // The owner may be freeing its last blocks.
                for (int pass = 0; number == Freeing && pass < 20; pass++)
                {
                    HeapUpkeep.Settle(thread);
                    RemoteQueue.Relieve((ThreadHeap*)_owner, Os.ThreadId());
                }

                barrier.SignalAndWait();
            }

            ThreadLifetime.Retire(thread);
        });
        Assert.Equal(0u, _heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void Pages_with_blocks_in_use_stay_and_lose_nothing()
    {
        ThreadHeap* sleeper = Sleep();
        List<nuint> blocks = Take(sleeper, 1000, 3000);
        for (int index = 0; index < blocks.Count; index++)
        {
            if (index % 50 != 0)
            {
                Frontend.Free((void*)blocks[index], _heap.Thread);
            }
        }

        Relieve(sleeper);
        for (int index = 0; index < blocks.Count; index += 50)
        {
            Assert.True(Pattern.Holds((void*)blocks[index], 1000, (uint)index));
        }

        // The sleeper drains its queue and receives the blocks that were posted.
        HeapUpkeep.Settle(sleeper);
        Assert.Equal(60u, _heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void The_owner_goes_on_to_allocate_from_what_was_left()
    {
        ThreadHeap* sleeper = Sleep();
        List<nuint> blocks = Take(sleeper, 200, 5000);
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Relieve(sleeper);
        List<nuint> again = Take(sleeper, 200, 5000);
        for (int index = 0; index < again.Count; index++)
        {
            Assert.True(Pattern.Holds((void*)again[index], 200, (uint)index));
        }

        HeapUpkeep.Settle(sleeper);
        Assert.Equal(5000u, _heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void A_request_that_would_fail_is_served_from_the_queue_of_a_sleeping_thread()
    {
        using HeapFixture heap = new(64 << 20, limit: 8 << 20);
        ThreadHeap* sleeper = ThreadLifetime.Acquire(heap.State, Sleeper);
        List<nuint> blocks = [];
        for (void* block = Frontend.Allocate(1000, sleeper); block != null;)
        {
            blocks.Add((nuint)block);
            block = Frontend.Allocate(1000, sleeper);
        }

        blocks.ForEach(block => Frontend.Free((void*)block, heap.Thread));
        Assert.True(Frontend.Allocate(4 << 20, heap.Thread) != null);
    }

    // RemoteQueue cannot distinguish this thread heap from that of a living thread.
    private ThreadHeap* Sleep() => ThreadLifetime.Acquire(_heap.State, Sleeper);

    private void Relieve(ThreadHeap* sleeper)
    {
        HeapUpkeep.Settle(_heap.Thread);
        RemoteQueue.Relieve(sleeper, Os.ThreadId());
    }

    private void AssertUsed(nuint most)
    {
        Assert.InRange(_heap.State->Backend.Used, 0u, most);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    private static List<nuint> Take(ThreadHeap* thread, int size, int count)
    {
        List<nuint> blocks = [];
        for (int index = 0; index < count; index++)
        {
            void* block = Frontend.Allocate((nuint)size, thread);
            Pattern.Fill(block, (nuint)size, (uint)index);
            blocks.Add((nuint)block);
        }

        return blocks;
    }
}
