using System;
using System.Collections.Generic;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>What threads leave behind when they end is used by others.</summary>
public sealed unsafe class EndedThreadsTests : IDisposable
{
    private readonly Heap _heap = new(new HeapOptions { ReserveBytes = 64 << 20 });

    /// <summary>This thread has its own part from the start: it does not become anybody's heir.</summary>
    public EndedThreadsTests() => _ = _heap.GetStatistics();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Hundreds_of_short_threads_share_a_few_parts()
    {
        nuint mostThreads = 0;
        for (int index = 0; index < 400; index++)
        {
            HeapThreadsTests.Run(1, _ => Work(keep: null));
            mostThreads = nuint.Max(mostThreads, _heap.GetStatistics().Threads);
        }

        // A thread that has just been joined may still be ending for the system.
        Assert.InRange(mostThreads, 1u, 12u);
        Assert.Equal(0u, _heap.GetStatistics().InUseBlocks);
        Assert.InRange(_heap.GetStatistics().PeakBytes, 0u, 16u << 20);
    }

    [Fact]
    public void Hundreds_of_threads_at_once_leave_no_more_than_they_used()
    {
        for (int round = 0; round < 6; round++)
        {
            HeapThreadsTests.Run(40, _ => Work(keep: null));
        }

        HeapStatistics statistics = _heap.GetStatistics();
        Assert.Equal(0u, statistics.InUseBlocks);
        Assert.InRange(statistics.Threads, 1u, 100u);
    }

    [Fact]
    public void Blocks_outlive_their_thread()
    {
        List<nuint> blocks = [];
        HeapThreadsTests.Run(1, _ => Work(blocks));
        HeapThreadsTests.Run(3, _ => Work(keep: null));
        Assert.All(blocks, block => Assert.True(Pattern.Holds((void*)block, 1000, (uint)block)));
        Assert.Equal((nuint)blocks.Count, _heap.GetStatistics().InUseBlocks);
    }

    [Fact]
    public void What_an_ended_thread_left_is_used_by_the_next()
    {
        List<nuint> blocks = [];
        for (int round = 0; round < 30; round++)
        {
            HeapThreadsTests.Run(1, _ => Work(blocks));
            blocks.ForEach(block => _heap.Deallocate((void*)block, default));
            blocks.Clear();
            _ = _heap.GetStatistics();
        }

        Assert.InRange(_heap.GetStatistics().PeakBytes, 0u, 8u << 20);
    }

    [Fact]
    public void Blocks_of_an_ended_thread_that_others_free_go_back_to_the_system_in_a_trim()
    {
        List<nuint> blocks = [];
        HeapThreadsTests.Run(1, _ => Work(blocks));
        Thread.Sleep(50);
        blocks.ForEach(block => _heap.Deallocate((void*)block, default));
        _ = _heap.Trim();
        HeapStatistics statistics = _heap.GetStatistics();
        Assert.Equal(0u, statistics.InUseBlocks);
        Assert.InRange(statistics.UsedBytes, 0u, 256u << 10);
    }

    [Fact]
    public void A_long_lived_thread_uses_what_others_left()
    {
        List<nuint> blocks = [];
        nuint used = 0;
        for (int round = 0; round < 20; round++)
        {
            HeapThreadsTests.Run(1, _ => Work(blocks));
            Thread.Sleep(5);
            blocks.ForEach(block => _heap.Deallocate((void*)block, default));
            blocks.Clear();
            Work(keep: null);
            used = nuint.Max(used, _heap.GetStatistics().UsedBytes);
        }

        Assert.InRange(used, 0u, 8u << 20);
    }

    private void Work(List<nuint>? keep)
    {
        Layout layout = HeapTests.Of(1000);
        nuint[] blocks = new nuint[2000];
        for (int index = 0; index < blocks.Length; index++)
        {
            void* block = _heap.Allocate(layout);
            Pattern.Fill(block, 1000, (uint)(nuint)block);
            blocks[index] = (nuint)block;
        }

        keep?.AddRange(blocks);
        if (keep == null)
        {
            Array.ForEach(blocks, block => _heap.Deallocate((void*)block, layout));
        }
    }
}
