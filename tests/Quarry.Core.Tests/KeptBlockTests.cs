using System;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>The large block that a thread keeps for its next request of the same size.</summary>
public sealed unsafe class KeptBlockTests : IDisposable
{
    private const nuint Size = 1 << 20, Slices = Size / Region.SliceSize;
    private const nuint Spare = 16 << 20;
    private const int OtherThread = int.MaxValue - 1;

    private readonly HeapFixture _heap = new(64 << 20, decay: 100_000);

    // A pass of purging, the first of which is due at once, would release kept blocks.
    public KeptBlockTests() => _heap.State->Backend.DecayDue = nuint.MaxValue;

    private nuint KeptSlices => _heap.State->Backend.KeptSlices();

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(65_537)]
    [InlineData(100_000)]
    [InlineData(1 << 20)]
    [InlineData(4 << 20)]
    public void A_block_of_the_same_size_is_the_same_block(int size)
    {
        byte* block = Allocate((nuint)size);
        nuint used = _heap.Statistics.UsedBytes;
        for (int round = 0; round < 3; round++)
        {
            Free(block);
            Assert.Equal((used, 0u), (_heap.Statistics.DirtyBytes, _heap.Statistics.UsedBytes));
            Assert.Equal(0u, Frontend.UsableSize(_heap.State, block));
            Assert.True(HeapCheck.IsValid(_heap.State));

            Assert.True(Allocate((nuint)size) == block);
            Assert.Equal((0u, used), (_heap.Statistics.DirtyBytes, _heap.Statistics.UsedBytes));
            Assert.Equal(Layout.AlignUp((nuint)size, 4096), Frontend.UsableSize(_heap.State, block));
            Assert.True(HeapCheck.IsValid(_heap.State));
        }
    }

    [Fact]
    public void Each_block_is_counted()
    {
        int step = LargeSteps.IndexOf(Size);
        for (nuint round = 1; round <= 10; round++)
        {
            byte* block = Allocate(Size);
            HeapStatistics inUse = _heap.Statistics;
            Assert.Equal((round, 1u), (inUse.LargeAllocations, inUse.LargeInUseBlocks));
            Assert.Equal((round * Size, Size), (inUse.RequestedBytes, inUse.LargeInUseBytes));
            Free(block);
            HeapStatistics kept = _heap.Statistics;
            Assert.Equal((round, 0u), (kept.LargeAllocations, kept.LargeInUseBlocks));
            Assert.Equal((round * Size, 0u), (kept.RequestedBytes, kept.LargeInUseBytes));
            LargeCounters* counters = _heap.State->Backend.Large;
            Assert.Equal((round, round), (counters->AllocationsAt(step), counters->FreesAt(step)));
        }

        Assert.True(_heap.State->Backend.ReleaseKept());
        Assert.Equal((10u, 0u), (_heap.Statistics.LargeAllocations, _heap.Statistics.LargeInUseBlocks));
        Assert.Equal(10u, _heap.State->Backend.Large->FreesAt(step));
        Assert.Equal(0u, _heap.State->Backend.Used);
    }

    [Fact]
    public void A_kept_block_is_not_part_of_the_peak()
    {
        FreeSlices();
        _heap.State->Backend.PeakUsed = 0;
        Free(Allocate(Size));
        _ = Allocate(Spare);
        Assert.Equal((Spare, Slices), (_heap.Statistics.PeakBytes, KeptSlices));
        _ = Allocate(Size);
        Assert.Equal((Spare + Size, 0u), (_heap.Statistics.PeakBytes, KeptSlices));
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void A_kept_block_is_cleared_for_a_request_of_zeros()
    {
        byte* block = Allocate(Size);
        Pattern.Fill(block, Size, 1);
        Free(block);
        byte* zeroed = (byte*)Frontend.AllocateZeroed(Size, 16, _heap.Thread);
        Assert.True(zeroed == block && Pattern.IsZero(zeroed, Size));
    }

    [Fact]
    public void Blocks_of_other_sizes_leave_it_in_place()
    {
        FreeSlices();
        byte* first = Allocate(Size), second = Allocate(Size);
        Free(first);
        Free(second);
        Assert.Equal(Slices, KeptSlices);
        Assert.False(Allocate(Size - 4096) == first);
        Free(Allocate(2 * Size));
        Assert.Equal(Slices, KeptSlices);
        Assert.True(Allocate(Size) == first);
    }

    [Fact]
    public void A_request_of_a_larger_alignment_gets_another_block()
    {
        FreeSlices();
        byte* block = Allocate(Size);
        while ((nuint)block % Size == 0)
        {
            block = Allocate(Size);
        }

        Free(block);
        byte* aligned = (byte*)Frontend.AllocateAligned(Size, Size, _heap.Thread);
        Assert.Equal(0u, (nuint)aligned % Size);
        Assert.Equal(Slices, KeptSlices);
    }

    [Fact]
    public void A_second_free_is_reported()
    {
        byte* block = Allocate(Size), other = Allocate(Size);
        Free(block);
        Page* page = _heap.State->Backend.Find(block, out Region* region);
        Assert.False(LargeBlocks.TryFree(&_heap.State->Backend, region, page, block));
        Assert.Equal((Size, Slices), (_heap.Statistics.UsedBytes, KeptSlices));

        // One of two threads that free a block at once finds that it has no slices any more.
        page->Kind = PageKind.Large;
        Assert.False(LargeBlocks.TryFree(&_heap.State->Backend, region, page, block));
        page->Kind = PageKind.None;
        Assert.True(HeapCheck.IsValid(_heap.State));
        Free(other);
    }

    [Fact]
    public void It_comes_before_slices_that_were_never_used()
    {
        byte* block = Allocate(Size);
        Free(block);
        Assert.True(Allocate(Size / 2) == block);
        Assert.Equal(0u, KeptSlices);
    }

    [Fact]
    public void A_neighbor_grows_into_it()
    {
        byte* block = Allocate(Size), neighbor = Allocate(Size);
        Free(neighbor);
        Assert.True(Frontend.TryResize(_heap.State, block, 2 * Size));
        Assert.Equal((2 * Size, 0u), (_heap.Statistics.UsedBytes, KeptSlices));
    }

    [Fact]
    public void It_does_not_count_against_the_limit()
    {
        using HeapFixture heap = new(64 << 20, limit: 4 * Size, decay: 100_000);
        Frontend.Free(Frontend.Allocate(3 * Size, heap.Thread), heap.Thread);
        Assert.Equal(3 * Slices, heap.State->Backend.KeptSlices());
        Assert.True(Frontend.Allocate(2 * Size, heap.Thread) != null);
        Assert.Equal((2 * Size, 0u), (heap.Statistics.UsedBytes, heap.State->Backend.KeptSlices()));
    }

    [Fact]
    public void A_trim_purges_it()
    {
        Free(Allocate(Size));
        Assert.Equal(Size, HeapUpkeep.Trim(_heap.Thread));
        Assert.Equal((0u, 0u), (_heap.Statistics.DirtyBytes, _heap.State->Backend.Used));
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void It_is_purged_after_the_decay_time_although_its_thread_sleeps()
    {
        Free(Allocate(Size));
        HeapBackend* backend = &_heap.State->Backend;
        backend->DecayDue = 0;
        nuint now = Os.Milliseconds() + 100_000;
        for (nuint pass = 0; pass < 3; pass++)
        {
            _ = backend->Step(now + (pass * 100_000));
        }

        Assert.Equal(0u, _heap.Statistics.DirtyBytes);
    }

    [Fact]
    public void A_thread_that_ends_frees_it()
    {
        ThreadHeap* other = ThreadLifetime.Acquire(_heap.State, OtherThread);
        Frontend.Free(Allocate(Size), other);
        Assert.Equal(Slices, KeptSlices);
        ThreadLifetime.Retire(other);
        Assert.Equal((0u, Size), (KeptSlices, _heap.Statistics.DirtyBytes));
        Assert.Equal(0u, _heap.State->Backend.Used);
    }

    [Fact]
    public void Each_thread_keeps_one()
    {
        ThreadHeap* other = ThreadLifetime.Acquire(_heap.State, OtherThread);
        byte* first = Allocate(Size), second = Allocate(Size);
        Free(first);
        Frontend.Free(second, other);
        Assert.Equal(2 * Slices, KeptSlices);
        Assert.True(Frontend.Allocate(Size, other) == second && Allocate(Size) == first);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void A_handler_that_interrupts_a_slow_path_keeps_none()
    {
        FreeSlices();
        byte* frame = stackalloc byte[16];
        byte* block = Allocate(Size), other = Allocate(Size);
        Free(block);
        Assert.True(ThreadLifetime.TryEnter(_heap.Thread, frame + 100_000));
        Assert.False(Allocate(Size) == block);
        Free(other);
        ThreadLifetime.Leave(_heap.Thread);
        Assert.Equal(Slices, KeptSlices);
        Assert.True(Allocate(Size) == block);
        Assert.True(HeapCheck.IsValid(_heap.State));
    }

    [Fact]
    public void Without_a_decay_time_none_is_kept()
    {
        using HeapFixture heap = new(64 << 20, decay: 0);
        Frontend.Free(Frontend.Allocate(Size, heap.Thread), heap.Thread);
        Assert.Equal((0u, 0u), (heap.Statistics.DirtyBytes, heap.State->Backend.KeptSlices()));
    }

    [Fact]
    public void Pairs_seldom_read_the_clock()
    {
        Free(Allocate(Size));
        nuint readings = 0;
        for (int round = 0; round < 160; round++)
        {
            Free(Allocate(Size));
            readings += _heap.Thread->Kept->SinceClock == 0 ? 1u : 0u;
        }

        Assert.InRange(readings, 1u, 20u);
    }

    // Provides slices that were used, so that a request for other ones does not release the kept block.
    private void FreeSlices()
    {
        byte* first = Allocate(Size), others = Allocate(Spare);
        Free(first);
        Free(others);
        Assert.True(_heap.State->Backend.ReleaseKept());
    }

    private byte* Allocate(nuint size) => (byte*)Frontend.Allocate(size, _heap.Thread);

    private void Free(byte* block) => Frontend.Free(block, _heap.Thread);
}
