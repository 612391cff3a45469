using System;
using System.Collections.Generic;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests relieving: freeing pages of a sleeping thread whose blocks other threads freed.</summary>
public sealed unsafe class RelievedThreadTests : IDisposable
{
    // No thread has this ID, so nothing drains the queue of its thread heap.
    private const int Sleeper = int.MaxValue - 1;

    private readonly HeapFixture _heap = new(64 << 20);

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(60_000)]
    public void Full_pages_are_freed_by_a_trim_of_another_thread(int size)
    {
        ThreadHeap* sleeper = Sleep();
        nuint before = _heap.State->Backend.Used;
        List<nuint> blocks = Take(sleeper, size, 2_000_000 / size);
        nuint used = _heap.State->Backend.Used - before;
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Relieve(sleeper);
        Assert.InRange(_heap.State->Backend.Used - before, 0u, used / 4);
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
