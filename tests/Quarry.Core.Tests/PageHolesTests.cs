using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests purging inside pages of small blocks that are in use.</summary>
public sealed unsafe class PageHolesTests : IDisposable
{
    private const int Decay = 1000;

    private readonly HeapFixture _heap = new(256 << 20);

    public void Dispose() => _heap.Dispose();

    public static TheoryData<int, int> Sizes => new()
    {
        { 16, 2000 }, { 48, 500 }, { 100, 200 }, { 1024, 31 }, { 3000, 7 }, { 5000, 3 }, { 40_960, 30 },
        { 65_536, 2 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Most_free_memory_beside_blocks_in_use_is_purged(int size, int kept)
    {
        List<nuint> blocks = TakeAndKeepOneIn(size, kept);
        nuint before = Resident();
        Assert.InRange(HeapUpkeep.Trim(_heap.Thread), before / 2, 64u << 20);

        // Two pages of the operating system for each block, if it lies on a boundary.
        nuint most = (nuint)blocks.Count * (Layout.AlignUp((nuint)size, Os.PageSize) + Os.PageSize);
        Assert.InRange(Resident(), 0u, most + (256 << 10));
        Assert.Equal((nuint)blocks.Count, _heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(_heap.State));
        AssertIntact(blocks, size);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Purged_memory_serves_later_requests(int size, int kept)
    {
        List<nuint> blocks = TakeAndKeepOneIn(size, kept);
        nuint peak = _heap.State->Backend.PeakUsed;
        _ = HeapUpkeep.Trim(_heap.Thread);
        int all = blocks.Count * kept;
        blocks.AddRange(Take(size, all - blocks.Count));
        Assert.Equal(all, blocks.Distinct().Count());
        AssertIntact(blocks, size);
        Assert.InRange(_heap.State->Backend.Used, 0u, peak + (1 << 20));
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_page_with_holes_is_freed_with_its_last_block(int size, int kept)
    {
        List<nuint> blocks = TakeAndKeepOneIn(size, kept);
        _ = HeapUpkeep.Trim(_heap.Thread);
        blocks.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Assert.Equal(0u, _heap.Statistics.InUseBlocks);
        Assert.Equal(0u, _heap.State->Backend.Used);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void Holes_grow_when_more_blocks_are_freed()
    {
        List<nuint> blocks = TakeAndKeepOneIn(1000, 10);
        _ = HeapUpkeep.Trim(_heap.Thread);
        nuint first = Resident();
        for (int index = 0; index < blocks.Count; index++)
        {
            if (index % 10 != 0)
            {
                Frontend.Free((void*)blocks[index], _heap.Thread);
            }
        }

        _ = HeapUpkeep.Trim(_heap.Thread);
        Assert.InRange(Resident(), 0u, first / 2);
        Assert.Equal((nuint)(blocks.Count + 9) / 10, _heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void Pages_that_ended_threads_left_are_purged()
    {
        List<nuint> blocks = [];
        Thread worker = new(() =>
        {
            ThreadHeap* thread = ThreadLifetime.Acquire(_heap.State, Os.ThreadId());
            blocks = TakeAndKeepOneIn(1000, 31, thread);
            ThreadLifetime.Retire(thread);
        });
        worker.Start();
        worker.Join();
        nuint before = Resident();
        _ = HeapUpkeep.Trim(_heap.Thread);
        Assert.InRange(Resident(), 0u, before / 4);
        AssertIntact(blocks, 1000);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void A_thread_heap_with_holes_is_rebuilt()
    {
        List<nuint> blocks = TakeAndKeepOneIn(1000, 31);
        _ = HeapUpkeep.Trim(_heap.Thread);
        nuint before = Resident();
        JumpOut();
        blocks.AddRange(Take(3000, 1));
        Assert.Equal((nuint)blocks.Count, _heap.Statistics.InUseBlocks);
        Assert.InRange(Resident(), 0u, before + (1 << 20));
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void A_source_that_refuses_to_purge_loses_nothing()
    {
        using CountingPages pages = new() { RefusesPurge = true };
        using HeapFixture heap = new(64 << 20, pages: pages.Source);
        List<nuint> blocks = TakeAndKeepOneIn(1000, 31, heap.Thread, total: 4 << 20);
        _ = HeapUpkeep.Trim(heap.Thread);
        AssertIntact(blocks, 1000);
        Assert.True(HeapCheck.IsValid(heap.State));
        blocks.AddRange(Take(1000, blocks.Count * 30, heap.Thread));
        AssertIntact(blocks, 1000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Idle_pages_are_purged_by_few_allocations_of_other_sizes(bool ofEndedThread)
    {
        using HeapFixture heap = new(256 << 20, decay: 20);
        ThreadHeap* thread = ofEndedThread
            ? ThreadLifetime.Acquire(heap.State, int.MaxValue - 1)
            : heap.Thread;
        List<nuint> blocks = TakeAndKeepOneIn(1000, 31, thread);
        if (ofEndedThread)
        {
            ThreadLifetime.Retire(thread);
        }

        nuint purged = heap.State->Backend.Supply.PurgedBytes;
        for (int rounds = 0; heap.State->Backend.Supply.PurgedBytes - purged < 32 << 20; rounds++)
        {
            Assert.InRange(rounds, 0, 1000);
            Thread.Sleep(10);
            for (nuint size = 16; size < 1000; size += 100)
            {
                Frontend.Free(Frontend.Allocate(size, heap.Thread), heap.Thread);
            }
        }

        AssertIntact(blocks, 1000);
        Assert.True(HeapCheck.IsValid(heap.State));
    }

    [Fact]
    public void Pages_are_purged_when_nothing_changed_between_two_sweeps()
    {
        using HeapFixture heap = new(256 << 20, decay: Decay);
        List<nuint> blocks = Take(1024, 20_000, heap.Thread);
        nuint Purged() => heap.State->Backend.Supply.PurgedBytes;

        // 64 blocks of 1024 bytes fill a page; each sweep finds fewer in use than the one before.
        for (nuint sweep = 1; sweep < 60; sweep++)
        {
            for (int index = (int)sweep; index < blocks.Count; index += 64)
            {
                Frontend.Free((void*)blocks[index], heap.Thread);
            }

            IdlePages.Step(heap.Thread, Later(sweep));
            Assert.Equal(0u, Purged());
        }

        IdlePages.Step(heap.Thread, Later(60));
        Assert.InRange(Purged(), 1u, nuint.MaxValue);
    }

    [Fact]
    public void A_thread_that_allocates_large_blocks_only_sweeps_its_pages()
    {
        using HeapFixture heap = new(256 << 20, decay: 50);
        List<nuint> blocks = TakeAndKeepOneIn(1000, 31, heap.Thread);
        int rounds = 0;
        for (; heap.State->Backend.Supply.PurgedBytes < 16 << 20; rounds++)
        {
            // Kept, so that no slices are purged.
            Assert.InRange(rounds, 0, 1000);
            Thread.Sleep(10);
            _ = Frontend.Allocate(SmallSizes<EightPerDoubling>.MaxSize + 1, heap.Thread);
        }

        AssertIntact(blocks, 1000);
        Assert.True(HeapCheck.IsValid(heap.State));
    }

    [Fact]
    public void A_step_purges_little()
    {
        using HeapFixture heap = new(256 << 20, decay: Decay);
        List<nuint> blocks = TakeAndKeepOneIn(1000, 31, heap.Thread);
        IdlePages.Step(heap.Thread, Later(1));
        PageSupply* supply = &heap.State->Backend.Supply;
        int steps = 0;
        for (nuint before = supply->PurgeCalls + 1; before != supply->PurgeCalls; steps++)
        {
            before = supply->PurgeCalls;
            IdlePages.Step(heap.Thread, Later(2));

            // About a hundred system calls take a millisecond.
            Assert.InRange(supply->PurgeCalls - before, 0u, 150u);
        }

        Assert.InRange(steps, 10, 1000);
        AssertIntact(blocks, 1000);
    }

    // Allocations have set the end of a period by the clock already.
    private static nuint Later(nuint sweep) => Os.Milliseconds() + ((1000 + sweep) * Decay);

    private nuint Resident() => _heap.Statistics.ResidentBytes;

    private List<nuint> TakeAndKeepOneIn(int size, int kept) => TakeAndKeepOneIn(size, kept, _heap.Thread);

    private static List<nuint> TakeAndKeepOneIn(int size, int kept, ThreadHeap* thread, int total = 48 << 20)
    {
        List<nuint> blocks = Take(size, total / size, thread);
        List<nuint> survivors = [];
        for (int index = 0; index < blocks.Count; index++)
        {
            if (index % kept == 0)
            {
                survivors.Add(blocks[index]);
            }
            else
            {
                Frontend.Free((void*)blocks[index], thread);
            }
        }

        return survivors;
    }

    private List<nuint> Take(int size, int count) => Take(size, count, _heap.Thread);

    private static List<nuint> Take(int size, int count, ThreadHeap* thread)
    {
        List<nuint> blocks = [];
        for (int index = 0; index < count; index++)
        {
            void* block = Frontend.Allocate((nuint)size, thread);
            Pattern.Fill(block, (nuint)size, (uint)(nuint)block);
            blocks.Add((nuint)block);
        }

        return blocks;
    }

    private static void AssertIntact(List<nuint> blocks, int size) =>
        Assert.All(blocks, block => Assert.True(Pattern.Holds((void*)block, (nuint)size, (uint)block)));

    // Another frame than that of the later calls, which find the mark of a frame that is gone.
    private void JumpOut()
    {
        byte* frame = stackalloc byte[4096];
        Assert.True(ThreadLifetime.TryEnter(_heap.Thread, frame));
    }
}
