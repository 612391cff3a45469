using System;
using System.Collections.Generic;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests sampled blocks of many threads, of ended and interrupted ones, and at a limit.</summary>
public sealed unsafe class SampledThreadsTests : IDisposable
{
    private const int EndedThread = int.MaxValue - 1;

    private readonly HeapFixture _heap = new(256 << 20);
    private readonly SampleRecorder _recorder = new(1);

    public void Dispose()
    {
        _heap.Dispose();
        _recorder.Dispose();
    }

    [Fact]
    public void Threads_share_thread_heaps_for_sampled_blocks()
    {
        HeapState.SetSampler(_heap.State, _recorder.Sampler);
        List<nuint> blocks = [];
        for (int index = 0; index < 20; index++)
        {
            ThreadHeap* thread = SampledWorkload.AcquireUnknown(_heap.State);
            blocks.AddRange(Take(thread, 100, 10));
        }

        Assert.Equal((200, 1), (_recorder.Sampled, CountSamples()));
        Assert.Equal(21u, _heap.Statistics.Threads);
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Assert.Equal(0, _recorder.Live);
        Assert.Equal(0u, _heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void Blocks_are_freed_without_a_thread_heap_and_inside_a_slow_path()
    {
        HeapState.SetSampler(_heap.State, _recorder.Sampler);
        List<nuint> blocks = Take(_heap.Thread, 3000, 20);
        Frontend.Free(_heap.State, (void*)blocks[0], null);
        byte* frame = stackalloc byte[16];
        Assert.True(ThreadLifetime.TryEnter(_heap.Thread, frame + 100_000));
        Frontend.Free((void*)blocks[1], _heap.Thread);
        blocks.AddRange(Take(_heap.Thread, 3000, 20));
        ThreadLifetime.Leave(_heap.Thread);
        Assert.Equal((40, 2), (_recorder.Sampled, _recorder.Freed));
        Assert.Equal(38u, _heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void A_thread_heap_of_a_thread_killed_while_it_sampled_is_reclaimed_for_sampled_blocks()
    {
        HeapState.SetSampler(_heap.State, _recorder.Sampler);
        List<nuint> blocks = Take(_heap.Thread, 100, 50);
        ThreadHeap* samples = _heap.Thread->LastSamples;
        Assert.True(ThreadOwnership.TryClaimAbandoned(samples, EndedThread));
        ThreadHeap.Current(samples)[SmallSizes<EightPerDoubling>.ClassOf(100)] = null;
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));

        // The search of a thread that starts finds it ended, and must not use it as its own.
        for (int index = 1; index < 10; index++)
        {
            ThreadHeap* thread = ThreadLifetime.Acquire(_heap.State, EndedThread - index);
            Assert.False(thread->Samples);
        }

        Assert.Equal(0, samples->ThreadId);
        Assert.Equal(0u, _heap.Statistics.InUseBlocks);
        _ = Take(_heap.Thread, 100, 50);
        Assert.Equal((100, 1), (_recorder.Sampled, CountSamples()));
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void A_rebuilt_thread_heap_keeps_its_countdowns()
    {
        _recorder.Interval = 100_000;
        HeapState.SetSampler(_heap.State, _recorder.Sampler);
        int sizeClass = SmallSizes<EightPerDoubling>.ClassOf(64);
        _ = Take(_heap.Thread, 64, 1);
        PageQueues.ReturnList(_heap.Thread, sizeClass);
        ThreadHeap.SampleCountdown(_heap.Thread)[sizeClass] = 5001;
        _ = Take(_heap.Thread, 64, 1);
        Interrupt();
        _ = Take(_heap.Thread, 40_000, 1);
        Assert.Equal(5000u, ThreadHeap.SampleCountdown(_heap.Thread)[sizeClass]);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void Sampled_blocks_count_toward_the_limit()
    {
        using HeapFixture heap = new(8 << 20, limit: 2 << 20);
        HeapState.SetSampler(heap.State, _recorder.Sampler);
        List<nuint> large = Fill(heap, 60_000);
        Assert.InRange(large.Count, 20, 40);
        large.ForEach(block => Frontend.Free((void*)block, heap.Thread));
        int small = Fill(heap, 16).Count;

        // Each sampled block of 16 bytes has a record of 8.
        Assert.InRange(small, (2 << 20) / 24 * 9 / 10, 2 << 20);
        Assert.True(HeapCheck.IsValid(heap.State));
        Assert.InRange(heap.Statistics.PeakBytes, 0u, 2u << 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5000)]
    public void Free_blocks_of_sampled_pages_are_used_when_memory_is_exhausted(int interval)
    {
        using HeapFixture heap = new(8 << 20, limit: 2 << 20);
        _recorder.Interval = (nuint)interval;
        HeapState.SetSampler(heap.State, _recorder.Sampler);
        List<nuint> blocks = Fill(heap, 1000);
        int full = blocks.Count;
        for (int round = 0; round < 3; round++)
        {
            for (int index = blocks.Count - 1; index >= 0; index--)
            {
                if (index % 3 != round)
                {
                    Frontend.Free((void*)blocks[index], heap.Thread);
                    blocks.RemoveAt(index);
                }
            }

            // Sampling ends in the last round; the sampled pages stay in use.
            HeapState.SetSampler(heap.State, round == 2 ? null : _recorder.Sampler);
            blocks.AddRange(Fill(heap, 1000));
            Assert.InRange(blocks.Count, full * 8 / 10, full * 11 / 10);
            Assert.True(HeapCheck.IsValid(heap.State));
        }

        blocks.ForEach(block => Frontend.Free((void*)block, heap.Thread));
        Assert.Equal(0, _recorder.Live);
        Assert.Equal(0u, heap.Statistics.InUseBlocks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(20_000)]
    public void Threads_that_free_each_others_blocks_leave_no_record(int interval)
    {
        Heap heap = new(new HeapOptions { ReserveBytes = 256 << 20 });
        _recorder.Interval = (nuint)interval;
        HeapState.SetSampler(heap.State, _recorder.Sampler);
        nuint[] shared = new nuint[512];
        HeapThreadsTests.Run(4, index =>
        {
            Random random = new(index);
            for (int step = 0; step < 30_000; step++)
            {
                nuint size = (nuint)random.Next(1, random.Next(64) == 0 ? 200_000 : 2000);
                nuint block = (nuint)heap.Allocate(HeapTests.Of(size));
                block = Interlocked.Exchange(ref shared[random.Next(shared.Length)], block);
                heap.Deallocate((void*)block, default);
            }
        });
        Assert.All(shared, block => heap.Deallocate((void*)block, default));

        // A thread that was joined may still be ending for the system; a trim reclaims only ended ones.
        Assert.True(SpinWait.SpinUntil(() => AreAllFree(heap), TimeSpan.FromSeconds(10)));
        Assert.True(_recorder.Sampled > 10);
        Assert.Equal(0, _recorder.Live);
        Assert.True(HeapCheck.IsValid(heap.State));
        heap.Dispose();
    }

    private static bool AreAllFree(Heap heap)
    {
        _ = heap.Trim();
        return heap.GetStatistics().InUseBlocks == 0;
    }

    private static List<nuint> Fill(HeapFixture heap, nuint size)
    {
        List<nuint> blocks = [];
        for (void* block = Frontend.Allocate(size, heap.Thread); block != null;)
        {
            blocks.Add((nuint)block);
            block = Frontend.Allocate(size, heap.Thread);
        }

        return blocks;
    }

    private static List<nuint> Take(ThreadHeap* thread, nuint size, int count)
    {
        List<nuint> blocks = [];
        for (int index = 0; index < count; index++)
        {
            blocks.Add((nuint)Frontend.Allocate(size, thread));
        }

        return blocks;
    }

    private void Interrupt()
    {
        byte* frame = stackalloc byte[4096];
        Assert.True(ThreadLifetime.TryEnter(_heap.Thread, frame));
    }

    private int CountSamples()
    {
        int count = 0;
        for (ThreadHeap* thread = _heap.State->Threads; thread != null; thread = thread->Next)
        {
            count += thread->Samples ? 1 : 0;
        }

        return count;
    }
}
