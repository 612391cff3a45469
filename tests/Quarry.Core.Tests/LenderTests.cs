using System;
using System.Collections.Generic;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests the blocks that many threads borrow from shared pages.</summary>
public sealed unsafe class LenderTests : IDisposable
{
    private const nuint Size = 48;

    private readonly HeapFixture _heap = new(256 << 20);

    private readonly List<nint> _threads = [];

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Many_threads_share_the_pages_of_classes_that_they_hardly_use()
    {
        const int Count = 500;
        Start(Count);
        int classes = 0;
        for (int sizeClass = 0; SmallSizes<EightPerDoubling>.SizeOf(sizeClass) < Os.PageSize; sizeClass++)
        {
            classes++;
            foreach (nint thread in _threads)
            {
                nuint size = SmallSizes<EightPerDoubling>.SizeOf(sizeClass);
                Memory.Fill(Allocate((ThreadHeap*)thread, size), size, 1);
            }
        }

        HeapStatistics statistics = Statistics(out SizeClassStatistics[] pages);
        Assert.Equal((nuint)(classes * Count), statistics.InUseBlocks);
        Assert.Equal((nuint)(classes * Count), statistics.Allocations);
        for (int sizeClass = 0; sizeClass < classes; sizeClass++)
        {
            nuint perPage = Region.SliceSize / pages[sizeClass].BlockSize;
            Assert.Equal((Count + perPage - 1) / perPage, pages[sizeClass].Pages);
        }

        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void Few_threads_have_pages_of_their_own()
    {
        Start(ThreadLifetime.ManyThreads - 1);
        foreach (nint thread in _threads)
        {
            Assert.True(OwnerOf(Allocate((ThreadHeap*)thread, Size)) == (void*)thread);
        }

        // The first thread heap that is too many lets all borrow.
        Start(1);
        Assert.True(((ThreadHeap*)OwnerOf(Allocate((ThreadHeap*)_threads[^1], Size)))->IsShared);
        ThreadLifetime.Retire((ThreadHeap*)_threads[^1]);
        Assert.True(OwnerOf(Allocate((ThreadHeap*)_threads[^2], 2 * Size)) == (void*)_threads[^2]);
    }

    [Fact]
    public void A_thread_that_uses_a_class_has_a_page_of_its_own()
    {
        Start(ThreadLifetime.ManyThreads);
        ThreadHeap* thread = (ThreadHeap*)_threads[0];
        for (nuint index = 0; index < ThreadLifetime.MostBorrowed; index++)
        {
            void* block = Allocate(thread, Size);
            Assert.True(((ThreadHeap*)OwnerOf(block))->IsShared);
            Frontend.Free(block, thread);
        }

        Assert.True(OwnerOf(Allocate(thread, Size)) == thread);
        Assert.True(((ThreadHeap*)OwnerOf(Allocate(thread, 2 * Size)))->IsShared);
        Assert.True(OwnerOf(Allocate(thread, Os.PageSize)) == thread);
    }

    [Fact]
    public void Borrowed_blocks_are_freed_by_any_thread_and_their_pages_become_free()
    {
        Start(ThreadLifetime.ManyThreads);
        List<nint> blocks = [];
        foreach (nint thread in _threads)
        {
            for (nuint size = 16; size < 1000; size += 100)
            {
                blocks.Add((nint)Allocate((ThreadHeap*)thread, size));
            }
        }

        for (int index = 0; index < blocks.Count; index++)
        {
            Frontend.Free((void*)blocks[index], (ThreadHeap*)_threads[index % _threads.Count]);
        }

        foreach (nint thread in _threads)
        {
            ThreadLifetime.Retire((ThreadHeap*)thread);
        }

        Assert.Equal(0u, _heap.Statistics.InUseBlocks);
        HeapUpkeep.Recover(_heap.Thread);
        Assert.Equal(0u, _heap.Statistics.UsedBytes);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void A_thread_uses_the_next_lender_while_one_is_claimed_and_its_own_page_if_all_are()
    {
        Start(ThreadLifetime.ManyThreads);
        ThreadHeap* thread = (ThreadHeap*)_threads[0];
        HashSet<nint> claimed = [];
        for (int index = 0; index < HeapState.MaxLenders; index++)
        {
            Assert.True(claimed.Add((nint)ThreadLifetime.AcquireLender(thread)));
        }

        Assert.True(ThreadLifetime.AcquireLender(thread) == null);
        Assert.True(OwnerOf(Allocate(thread, Size)) == thread);
        foreach (nint lender in claimed)
        {
            ThreadOwnership.Abandon((ThreadHeap*)lender);
        }

        Assert.Contains((nint)OwnerOf(Allocate((ThreadHeap*)_threads[1], Size)), claimed);
    }

    [Fact]
    public void A_lender_that_an_ended_thread_had_claimed_lends_again()
    {
        // No thread has this ID, so it is that of an ended thread.
        const int EndedThread = int.MaxValue - 1;
        Start(ThreadLifetime.ManyThreads);
        ThreadHeap* thread = (ThreadHeap*)_threads[0];
        ThreadHeap* lender = (ThreadHeap*)OwnerOf(Allocate(thread, Size));
        Assert.True(ThreadOwnership.TryClaim(lender, lender->User, EndedThread));
        ThreadLifetime.ReclaimDead(_heap.State, _heap.Thread, _threads.Count + 2);
        Assert.True(ThreadLifetime.AcquireLender(thread) == lender);
        ThreadOwnership.Abandon(lender);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void A_thread_with_sampled_blocks_does_not_borrow()
    {
        using SampleRecorder recorder = new(1 << 20);
        Start(ThreadLifetime.ManyThreads);
        HeapState.SetSampler(_heap.State, recorder.Sampler);
        Assert.True(OwnerOf(Allocate((ThreadHeap*)_threads[0], Size)) == (void*)_threads[0]);
    }

    [Fact]
    public void Threads_that_borrow_at_the_same_time_have_blocks_apart()
    {
        const int Count = 8;
        Start(ThreadLifetime.ManyThreads + Count);
        int broken = 0;
        using Barrier barrier = new(Count);
        HeapThreadsTests.Run(Count, number =>
        {
            nint[] blocks = new nint[40];
            int wrong = 0;
            ThreadHeap* thread = (ThreadHeap*)_threads[number];
            for (nuint size = 16; size <= 1024; size += 16)
            {
                barrier.SignalAndWait();
                for (int index = 0; index < blocks.Length; index++)
                {
                    blocks[index] = (nint)Allocate(thread, size);
                    Memory.Fill((void*)blocks[index], size, (byte)(number + 1));
                }

                foreach (nint block in blocks)
                {
                    Span<byte> bytes = new((void*)block, (int)size);
                    wrong += bytes.ContainsAnyExcept((byte)(number + 1)) ? 1 : 0;
                    Frontend.Free((void*)block, thread);
                }
            }

            HeapUpkeep.Settle(thread);
            _ = Interlocked.Add(ref broken, wrong);
        });

        Assert.Equal(0, broken);
        Assert.Equal(0u, _heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    private static void* Allocate(ThreadHeap* thread, nuint size) => Frontend.Allocate(size, thread);

    private void* OwnerOf(void* block) => _heap.State->Backend.Find(block, out _)->Owner;

    // Without a thread of the system behind them, which would be found ended if it had an ID.
    private void Start(int count)
    {
        for (int index = 0; index < count; index++)
        {
            _threads.Add((nint)ThreadLifetime.AcquireSecond(_heap.State, ThreadOwnership.Unknown));
        }
    }

    private HeapStatistics Statistics(out SizeClassStatistics[] classes)
    {
        classes = new SizeClassStatistics[SmallSizes<EightPerDoubling>.Count];
        fixed (SizeClassStatistics* first = classes)
        {
            return HeapCensus.Take<EightPerDoubling>(_heap.State, first);
        }
    }
}
