using System;
using System.Collections.Concurrent;
using System.Threading;
using Xunit;
using static Quarry.Tests.Watching.OtherThreads;

namespace Quarry.Tests.Watching;

/// <summary>The books when several threads write into them.</summary>
public sealed unsafe class CountingThreadsTests
{
    private const int Rounds = 20_000;

    [Fact]
    public void Totals_are_exact_whoever_takes_and_gives_back()
    {
        Heap heap = new();
        using Counting<Heap> counting = new(heap);
        ConcurrentQueue<(nuint Address, nuint Size)> handed = new();
        long bytes = 0;
        Together(thread =>
        {
            Random random = new(thread);
            long mine = 0;
            for (int round = 0; round < Rounds; round++)
            {
                nuint size = (nuint)random.Next(1, 500);
                handed.Enqueue(((nuint)counting.Allocate(Layout.Create(size, 16)), size));
                mine += (long)size;
                if (round % 2 == 1 && handed.TryDequeue(out (nuint Address, nuint Size) block))
                {
                    counting.Deallocate((void*)block.Address, Layout.Create(block.Size, 16));
                }
            }

            _ = Interlocked.Add(ref bytes, mine);
        });

        AllocationStatistics counts = counting.Statistics;
        Assert.Equal(Count * Rounds, counts.Allocations);
        Assert.Equal(Count * Rounds / 2, counts.Deallocations);
        Assert.Equal(bytes, counts.AllocatedBytes);
        Assert.InRange(counts.PeakBytes, counts.CurrentBytes, bytes);

        Together(_ =>
        {
            while (handed.TryDequeue(out (nuint Address, nuint Size) block))
            {
                counting.Deallocate((void*)block.Address, Layout.Create(block.Size, 16));
            }
        });
        Assert.Equal(0, counting.Statistics.CurrentBytes);
        Assert.Equal(0, counting.Statistics.CurrentBlocks);
        Assert.Equal(bytes, counting.Statistics.DeallocatedBytes);
        heap.Dispose();
    }

    [Fact]
    public void Reallocations_of_all_threads_are_exact()
    {
        using Counting<SystemHeap> counting = new(default);
        Together(_ =>
        {
            void* block = counting.AllocateZeroed(Layout.Create(10, 16));
            for (int round = 0; round < 1000; round++)
            {
                block = counting.Reallocate(block, Layout.Create(10, 16), 30);
                block = counting.Reallocate(block, Layout.Create(30, 16), 10);
            }

            counting.Deallocate(block, Layout.Create(10, 16));
        });

        AllocationStatistics counts = counting.Statistics;
        Assert.Equal(Count * 2000, counts.Reallocations);
        Assert.Equal(Count * (10 + (20 * 1000)), counts.AllocatedBytes);
        Assert.Equal(counts.AllocatedBytes, counts.DeallocatedBytes);
    }

    [Fact]
    public void The_peak_sees_both_sides()
    {
        using Counting<SystemHeap> counting = new(default);
        void* first = counting.Allocate(Layout.Create(100, 16));
        void* second = null;
        Alone(() => second = counting.Allocate(Layout.Create(50, 16)));
        Assert.Equal(150, counting.Statistics.PeakBytes);

        void* third = counting.Allocate(Layout.Create(7, 16));
        Assert.Equal(157, counting.Statistics.PeakBytes);

        // Another thread frees more than it ever took: its side is below 0, the sum is right.
        Alone(() => counting.Deallocate(first, Layout.Create(100, 16)));
        Assert.Equal(57, counting.Statistics.CurrentBytes);
        counting.Deallocate(second, Layout.Create(50, 16));
        counting.Deallocate(third, Layout.Create(7, 16));
        Assert.Equal(0, counting.Statistics.CurrentBytes);
        Assert.Equal(157, counting.Statistics.PeakBytes);
    }

    [Fact]
    public void A_thread_that_is_not_the_owner_exceeds_the_threshold()
    {
        using Counting<SystemHeap> counting = new(default);
        void* first = counting.Allocate(Layout.Create(100, 16));
        int called = 0;
        counting.SetThreshold(120, _ => called = Environment.CurrentManagedThreadId);
        int other = 0;
        Alone(() =>
        {
            other = Environment.CurrentManagedThreadId;
            counting.Deallocate(counting.Allocate(Layout.Create(50, 16)), Layout.Create(50, 16));
        });
        Assert.Equal(other, called);
        counting.Deallocate(first, Layout.Create(100, 16));
    }

    [Fact]
    public void The_books_stay_right_when_the_owner_ends_and_others_come()
    {
        using Counting<SystemHeap> counting = new(default);
        Layout layout = Layout.Create(10, 16);
        nint[] blocks = new nint[50];
        for (int generation = 0; generation < blocks.Length; generation++)
        {
            int index = generation;
            Alone(() => blocks[index] = (nint)counting.Allocate(layout));

            // The number of a thread is free for a new one when the object of the old one is collected.
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(blocks.Length, counting.Statistics.CurrentBlocks);
        Assert.Equal(10 * blocks.Length, counting.Statistics.CurrentBytes);
        Assert.Equal(10 * blocks.Length, counting.Statistics.PeakBytes);
        Array.ForEach(blocks, block => counting.Deallocate((void*)block, layout));
        Assert.Equal(0, counting.Statistics.CurrentBytes);
    }

    [Fact]
    public void All_blocks_given_back_by_another_thread_leave_nothing()
    {
        using Bump<Shared> bump = new(1.MiB());
        using Counting<Bump<Shared>> counting = new(bump);
        _ = counting.Allocate(Layout.Create(10, 16));
        Alone(() => _ = counting.Allocate(Layout.Create(20, 16)));
        Alone(counting.DeallocateAll);

        AllocationStatistics counts = counting.Statistics;
        Assert.Equal(0, counts.CurrentBytes);
        Assert.Equal(0, counts.CurrentBlocks);
        Assert.Equal(2, counts.Deallocations);
        Assert.Equal(30, counts.DeallocatedBytes);
    }
}
