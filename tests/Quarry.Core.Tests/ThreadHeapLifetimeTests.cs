using System;
using System.Collections.Generic;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Thread heaps that are retired, adopted, or left by a thread that ended without a word.</summary>
public sealed unsafe class ThreadHeapLifetimeTests : IDisposable
{
    // No thread of any process has it: the system's numbers end far below.
    private const int DeadThread = int.MaxValue - 1;

    private readonly HeapFixture _heap = new(64 << 20);

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void A_retired_part_goes_to_the_next_thread()
    {
        ThreadHeap* first = Acquire(DeadThread);
        ThreadLifetime.Retire(first);
        Assert.Equal((1u, 0), (_heap.State->AbandonedCount, first->ThreadId));
        ThreadHeap* second = Acquire(77);
        Assert.True(second == first);
        Assert.Equal((0u, 77), (_heap.State->AbandonedCount, second->ThreadId));
    }

    [Fact]
    public void A_retired_part_goes_to_the_thread_that_frees_one_of_its_blocks()
    {
        ThreadHeap* first = _heap.Thread, second = Acquire(DeadThread);
        void* block = (void*)Take(first, 1)[0];
        ThreadLifetime.Retire(first);
        ThreadLifetime.Retire(second);
        Assert.True(ThreadLifetime.Acquire(_heap.State, 77, block) == first);

        // Not retired any more.
        Assert.True(ThreadLifetime.Acquire(_heap.State, DeadThread, block) == second);

        // In no page.
        ThreadLifetime.Retire(second);
        Assert.True(ThreadLifetime.Acquire(_heap.State, DeadThread, &block) == second);
    }

    [Fact]
    public void A_part_that_is_retired_empty_keeps_no_memory()
    {
        ThreadHeap* thread = Acquire(DeadThread);
        nuint used = _heap.State->Backend.Used;
        List<nuint> blocks = Take(thread, 3000);
        blocks.ForEach(block => Frontend.Free((void*)block, thread));
        ThreadLifetime.Retire(thread);
        Assert.Equal(used, _heap.State->Backend.Used);
    }

    [Fact]
    public void Blocks_of_a_retired_part_are_received_by_who_frees_them()
    {
        ThreadHeap* thread = Acquire(DeadThread);
        nuint used = _heap.State->Backend.Used;
        List<nuint> blocks = Take(thread, 3000);
        ThreadLifetime.Retire(thread);
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Assert.Equal(0u, _heap.Statistics.InUseBlocks);
        Assert.Equal(used, _heap.State->Backend.Used);
    }

    [Fact]
    public void Pages_of_a_retired_part_serve_others_before_fresh_memory()
    {
        ThreadHeap* thread = Acquire(DeadThread);
        List<nuint> blocks = Take(thread, 3000);
        for (int index = 0; index < blocks.Count; index += 2)
        {
            Frontend.Free((void*)blocks[index], thread);
        }

        ThreadLifetime.Retire(thread);
        nuint used = _heap.State->Backend.Used;
        _ = Take(_heap.Thread, 1200);
        Assert.Equal(used, _heap.State->Backend.Used);
        Assert.Equal(2700u, _heap.Statistics.InUseBlocks);
    }

    [Fact]
    public void A_dead_part_is_adopted_and_counted_anew()
    {
        ThreadHeap* dead = Acquire(DeadThread);
        List<nuint> blocks = Take(dead, 3000);
        for (int index = 0; index < 1000; index++)
        {
            Frontend.Free((void*)blocks[index], dead);
        }

        ThreadHeap* heir = Acquire(Os.ThreadId() + 1_000_000);
        Assert.True(heir == dead);
        Assert.Equal(2000u, _heap.Statistics.InUseBlocks);
        Assert.Equal(3000u, _heap.Statistics.Allocations);
    }

    [Fact]
    public void Everything_a_dead_thread_left_free_can_be_taken_again()
    {
        ThreadHeap* dead = Acquire(DeadThread);
        List<nuint> blocks = Take(dead, 3000);
        blocks.ForEach(block => Frontend.Free((void*)block, dead));
        _ = Take(dead, 500);
        nuint used = _heap.State->Backend.Used;
        ThreadHeap* heir = Acquire(DeadThread);
        Assert.True(heir == dead);
        _ = Take(heir, 2400);
        Assert.InRange(_heap.State->Backend.Used, 0u, nuint.Max(used, 50 * Region.SliceSize));
        Assert.Equal(2900u, _heap.Statistics.InUseBlocks);
    }

    [Fact]
    public void What_a_dead_thread_had_freed_for_others_arrives()
    {
        List<nuint> blocks = Take(_heap.Thread, 100);
        ThreadHeap* dead = Acquire(DeadThread);
        blocks.ForEach(block => Frontend.Free((void*)block, dead));
        Assert.NotEqual(0u, _heap.Statistics.InUseBlocks);
        Assert.True(Acquire(DeadThread) == dead);
        Assert.Equal(0u, _heap.Statistics.InUseBlocks);
    }

    [Fact]
    public void What_others_had_freed_for_a_dead_thread_arrives()
    {
        ThreadHeap* dead = Acquire(DeadThread);
        List<nuint> blocks = Take(dead, 3000);
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        HeapUpkeep.Settle(_heap.Thread);
        Assert.NotEqual(0u, _heap.Statistics.InUseBlocks);
        Assert.True(Acquire(DeadThread) == dead);
        Assert.Equal(0u, _heap.Statistics.InUseBlocks);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(96)]
    [InlineData(5000)]
    [InlineData(60_000)]
    public void Adopting_again_and_again_loses_nothing(int size)
    {
        ThreadHeap* thread = Acquire(DeadThread);
        Random random = new(size);
        List<nuint> blocks = [];
        for (int round = 0; round < 50; round++)
        {
            for (int index = 0; index < 200; index++)
            {
                if (blocks.Count > 0 && random.Next(2) == 0)
                {
                    int which = random.Next(blocks.Count);
                    Frontend.Free((void*)blocks[which], random.Next(3) == 0 ? _heap.Thread : thread);
                    blocks.RemoveAt(which);
                }
                else
                {
                    void* block = Frontend.Allocate((nuint)size, thread);
                    Pattern.Fill(block, (nuint)size, (uint)(nuint)block);
                    blocks.Add((nuint)block);
                }
            }

            HeapUpkeep.Settle(_heap.Thread);
            Assert.True(Acquire(DeadThread) == thread);
            Assert.Equal((nuint)blocks.Count, _heap.Statistics.InUseBlocks);
        }

        Assert.All(blocks, block => Assert.True(Pattern.Holds((void*)block, (nuint)size, (uint)block)));
    }

    [Fact]
    public void A_living_thread_is_never_robbed()
    {
        for (int index = 0; index < 20; index++)
        {
            Assert.True(Acquire(DeadThread - 1 - index) != _heap.Thread);
        }

        Assert.Equal(Os.ThreadId(), _heap.Thread->ThreadId);
    }

    [Fact]
    public void In_another_process_no_thread_is_judged_dead()
    {
        ThreadHeap* dead = Acquire(DeadThread);
        _heap.State->ProcessId++;
        Assert.True(Acquire(DeadThread - 1) != dead);
        Assert.True(Acquire(DeadThread) != dead);
    }

    private ThreadHeap* Acquire(int threadId) => ThreadLifetime.Acquire(_heap.State, threadId);

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
