using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests which blocks are sampled, and that their records follow them.</summary>
public sealed unsafe class HeapSamplerTests : IDisposable
{
    private const int OtherThread = int.MaxValue - 1;

    // At this interval a block is not sampled unless a test sets the countdown.
    private static readonly nuint s_rare = nuint.MaxValue >> 10;

    private readonly HeapFixture _heap = new(64 << 20);
    private readonly SampleRecorder _recorder = new(1);

    public void Dispose()
    {
        _heap.Dispose();
        _recorder.Dispose();
    }

    [Fact]
    public void An_interval_of_one_byte_samples_every_block_of_every_size()
    {
        Install(1);
        List<nuint> blocks = [];
        for (nuint size = 0; size < 3_000_000; size += 1 + (size / 3))
        {
            for (int count = 0; count < 20; count++)
            {
                nuint block = (nuint)Frontend.Allocate(size, _heap.Thread);
                nuint usable = Frontend.UsableSize(_heap.State, (void*)block);
                Assert.Equal((block, size, usable), _recorder.Last);
                Assert.True(usable >= size && block % 16 == 0);
                Pattern.Fill((void*)block, usable, (uint)block);
                blocks.Add(block);
            }
        }

        Assert.Equal(blocks.Count, _recorder.Sampled);
        Assert.Equal((nuint)blocks.Count, _heap.Statistics.InUseBlocks);
        Assert.Equal((nuint)blocks.Count, _heap.Statistics.Allocations);
        nuint bytes = blocks.Aggregate((nuint)0, (sum, block) => sum + Usable(block));
        Assert.Equal(bytes, _heap.Statistics.InUseBytes);
        Assert.True(HeapCheck.IsValid(_heap.State));

        Assert.All(blocks, block => Assert.True(Pattern.Holds((void*)block, Usable(block), (uint)block)));
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Assert.Equal(blocks.Count, _recorder.Freed);
        Assert.Equal(0u, _heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(_heap.State));
        _ = HeapUpkeep.Trim(_heap.Thread);
        Assert.Equal(0u, _heap.Statistics.UsedBytes);
    }

    [Theory]
    [InlineData(16, 1)]
    [InlineData(16, 400)]
    [InlineData(48, 3)]
    [InlineData(1000, 100)]
    [InlineData(40_000, 11)]
    public void The_block_at_the_end_of_the_countdown_is_the_sampled_one(int size, int passing)
    {
        Install(s_rare);
        int sizeClass = SmallSizes<EightPerDoubling>.ClassOf((nuint)size);
        nuint* countdown = &ThreadHeap.SampleCountdown(_heap.Thread)[sizeClass];
        List<nuint> blocks = Take((nuint)size, 1);
        for (int round = 0; round < 4; round++)
        {
            // From fresh memory first, then from blocks that were freed: in rounds 2 and 3.
            PageQueues.ReturnList(_heap.Thread, sizeClass);
            *countdown = 1 + (nuint)passing;
            blocks.AddRange(Take((nuint)size, passing));
            Assert.Equal(round, _recorder.Sampled);
            blocks.AddRange(Take((nuint)size, 1));
            Assert.Equal(round + 1, _recorder.Sampled);
            Assert.Equal((blocks[^1], (nuint)size, Usable(blocks[^1])), _recorder.Last);
            blocks.AddRange(Take((nuint)size, 50));
            Assert.Equal(round + 1, _recorder.Sampled);
            Assert.True(HeapCheck.IsValid(_heap.State));
            if (round > 0)
            {
                blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
                blocks.Clear();
                Assert.Equal(round + 1, _recorder.Freed);
            }
        }
    }

    [Fact]
    public void Blocks_that_return_from_a_list_are_counted_again()
    {
        Install(s_rare);
        int sizeClass = SmallSizes<EightPerDoubling>.ClassOf(64);
        ThreadHeap* other = ThreadLifetime.Acquire(_heap.State, OtherThread);
        ThreadHeap.SampleCountdown(other)[sizeClass] = 1001;
        for (int count = 1; count <= 5; count++)
        {
            _ = Frontend.Allocate(64, other);
            ThreadLifetime.Retire(other);
            Assert.Equal(1001u - (nuint)count, ThreadHeap.SampleCountdown(other)[sizeClass]);
            Assert.True(ThreadLifetime.Acquire(_heap.State, OtherThread - count) == other);
        }
    }

    [Fact]
    public void Switching_on_late_samples_from_the_next_slow_path_on()
    {
        List<nuint> before = Take(48, 100);
        Frontend.Free((void*)before[0], _heap.Thread);
        Install(1);
        Assert.Equal(0, _recorder.Sampled);
        _ = Take(48, 100);
        Assert.Equal(100, _recorder.Sampled);
        before[1..].ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Assert.Equal(0, _recorder.Freed);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void Blocks_are_reported_freed_after_sampling_has_ended()
    {
        Install(1);
        List<nuint> blocks = [.. Take(48, 100), .. Take(100_000, 10)];
        HeapState.SetSampler(_heap.State, null);
        HeapUpkeep.Settle(_heap.Thread);
        Assert.Equal(0u, _heap.Thread->SampleInterval);
        Assert.True(HeapCheck.IsValid(_heap.State));

        List<nuint> after = [.. Take(48, 100), .. Take(100_000, 10)];
        Assert.Equal((110, 0), (_recorder.Sampled, _recorder.Freed));
        after.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Assert.Equal((110, 110), (_recorder.Sampled, _recorder.Freed));
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void Another_interval_applies_from_the_next_slow_path_on()
    {
        Install(s_rare);
        _ = Take(48, 10);
        Install(1);
        _ = Take(48, 100);
        Assert.Equal(100, _recorder.Sampled);
        Install(s_rare);
        _ = Take(48, 10_000);
        Assert.Equal(100, _recorder.Sampled);
        Install(nuint.MaxValue);
        _ = Take(48, 10_000);
        Assert.Equal(100, _recorder.Sampled);
        Install(0);
        _ = Take(48, 100);
        Assert.Equal(200, _recorder.Sampled);
    }

    [Fact]
    public void A_block_without_a_record_is_not_reported_again()
    {
        Install(1);
        _recorder.Refuses = true;
        List<nuint> blocks = [.. Take(48, 100), .. Take(100_000, 3)];
        nuint grown = (nuint)Frontend.Reallocate((void*)blocks[^1], 120_000, _heap.Thread);
        blocks[^1] = grown;
        Assert.NotEqual(120_000u, _recorder.Last.Size);
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Assert.Equal((0, 0, 0), (_recorder.Sampled, _recorder.Resized, _recorder.Freed));
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void A_sampled_block_freed_twice_is_reported_and_so_is_a_pointer_into_it()
    {
        Install(1);
        nuint reports = 0;
        _heap.State->OnForeign = &Count;
        _heap.State->OnDoubleFree = &Count;
        s_reports = &reports;
        List<nuint> blocks = Take(4096, 9);
        Frontend.Free((void*)(blocks[0] + 16), _heap.Thread);
        Frontend.Free((void*)(blocks[0] + 40_960), _heap.Thread);
        Assert.Equal(2u, reports);
        foreach (nuint block in blocks)
        {
            Frontend.Free((void*)block, _heap.Thread);
            Frontend.Free((void*)block, _heap.Thread);
        }

        Assert.Equal(11u, reports);
        Assert.Equal(9, _recorder.Freed);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void Zeroed_and_aligned_blocks_are_sampled()
    {
        Install(1);
        for (nuint alignment = 1; alignment <= 4 << 20; alignment *= 2)
        {
            byte* block = (byte*)Frontend.AllocateZeroed(3000, alignment, _heap.Thread);
            Assert.True(Pattern.IsZero(block, 3000) && (nuint)block % alignment == 0);
            Pattern.Fill(block, 3000, 1);
            Frontend.Free(block, _heap.Thread);
            block = (byte*)Frontend.AllocateAligned(100, alignment, _heap.Thread);
            Assert.True((nuint)block % alignment == 0);
            Frontend.Free(block, _heap.Thread);
        }

        Assert.Equal((46, 46), (_recorder.Sampled, _recorder.Freed));
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void An_observer_sees_sampled_blocks_too()
    {
        ObservedCounts* counts = stackalloc ObservedCounts[1];
        counts->Observer = new HeapObserver(
            &ObservedCounts.OnAllocated, &ObservedCounts.OnResized, &ObservedCounts.OnFreed);
        HeapState.SetObserver(_heap.State, &counts->Observer);
        Install(200);
        List<nuint> blocks = [.. Take(48, 1000), .. Take(100_000, 10)];
        Assert.InRange(_recorder.Sampled, 100, 900);
        Assert.Equal(1010, counts->Allocations);
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Assert.Equal(1010, counts->Frees);
        Assert.Equal(0, _recorder.Live);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    private static nuint* s_reports;

    private static void Count(void* block) => ++*s_reports;

    private void Install(nuint interval)
    {
        _recorder.Interval = interval;
        HeapState.SetSampler(_heap.State, _recorder.Sampler);
        HeapUpkeep.Settle(_heap.Thread);
    }

    private nuint Usable(nuint block) => Frontend.UsableSize(_heap.State, (void*)block);

    private List<nuint> Take(nuint size, int count)
    {
        List<nuint> blocks = [];
        for (int index = 0; index < count; index++)
        {
            blocks.Add((nuint)Frontend.Allocate(size, _heap.Thread));
        }

        return blocks;
    }

    private struct ObservedCounts
    {
        public HeapObserver Observer;
        public int Allocations;
        public int Frees;

        internal static void OnAllocated(HeapObserver* observer, void* block, nuint size) =>
            ((ObservedCounts*)observer)->Allocations++;

        internal static void OnResized(HeapObserver* observer, void* from, void* to, nuint size)
        {
        }

        internal static void OnFreed(HeapObserver* observer, void* block, nuint size) =>
            ((ObservedCounts*)observer)->Frees++;
    }
}
