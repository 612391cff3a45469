using System;
using System.Collections.Generic;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests freeing all blocks of a heap at once.</summary>
public sealed unsafe class HeapResetTests : IDisposable
{
    // The thread IDs of no thread: both count as in use.
    private const int FirstThread = int.MaxValue;

    private readonly HeapFixture _heap = new(256 << 20);
    private readonly SampleRecorder _recorder = new(4096);

    public void Dispose()
    {
        _heap.Dispose();
        _recorder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void All_blocks_are_free_afterwards(bool sampled)
    {
        if (sampled)
        {
            HeapState.SetSampler(_heap.State, _recorder.Sampler);
        }

        ThreadHeap* other = ThreadLifetime.Acquire(_heap.State, FirstThread);
        for (int round = 0; round < 5; round++)
        {
            Fill(_heap.Thread, other);
            HeapStatistics before = _heap.Statistics;
            Assert.True(before.InUseBlocks > 1000 && before.LargeInUseBlocks > 5);
            Frontend.Reset(_heap.State);
            HeapStatistics after = _heap.Statistics;
            Assert.Equal((0u, 0u, 0u), (after.InUseBlocks, after.InUseBytes, after.UsedBytes));
            Assert.Equal(before.Allocations, after.Allocations);
            Assert.Equal(0, _recorder.Live);
            Assert.True(HeapCheck.IsValid(_heap.State));
        }

        Assert.Equal(sampled, _recorder.Sampled > 0);
        ThreadLifetime.Retire(other);
    }

    [Fact]
    public void Memory_is_used_again()
    {
        Fill(_heap.Thread, _heap.Thread);
        Frontend.Reset(_heap.State);
        nuint committed = _heap.Statistics.CommittedBytes;
        for (int round = 0; round < 10; round++)
        {
            Fill(_heap.Thread, _heap.Thread);
            Frontend.Reset(_heap.State);
        }

        Assert.Equal(committed, _heap.Statistics.CommittedBytes);
    }

    // Blocks of all kinds, some in use, and some in lists, caches and queues.
    private static void Fill(ThreadHeap* first, ThreadHeap* second)
    {
        List<nuint> blocks = [];
        for (int index = 0; index < 4000; index++)
        {
            nuint size = index % 400 == 0 ? (nuint)300_000 : (nuint)(index % 900) + 1;
            void* block = Frontend.AllocateAligned(size, 16, index % 2 == 0 ? first : second);
            Assert.True(block != null);
            blocks.Add((nuint)block);
        }

        Assert.True(Frontend.AllocateAligned(100, 4 << 20, first) != null);
        for (int index = 0; index < blocks.Count; index += 3)
        {
            Frontend.Free((void*)blocks[index], index % 4 == 0 ? first : second);
        }
    }
}
