using System;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Runs of slices that are kept for the next request of their length.</summary>
public sealed unsafe class KeptRunsTests : IDisposable
{
    private const nuint Size = 1 << 20, Slices = Size / Region.SliceSize;

    private readonly HeapFixture _heap = new(64 << 20, decay: 100_000);

    // A pass of purging, the first of which is due at once, would release kept runs.
    public KeptRunsTests() => _heap.State->Backend.DecayDue = nuint.MaxValue;

    private Region* First => _heap.State->Backend.First;

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void A_block_of_the_same_length_gets_the_slices_again()
    {
        // The first one is kept by the thread.
        byte* first = Allocate(Size), block = Allocate(Size);
        Frontend.Free(first, _heap.Thread);
        Frontend.Free(block, _heap.Thread);
        Assert.Equal(Slices, First->Kept.Slices);
        Assert.Equal(2 * Size, _heap.Statistics.DirtyBytes);
        Assert.Equal(0u, _heap.Statistics.UsedBytes);
        Assert.True(HeapCheck.IsValid(_heap.State));

        Assert.True(Allocate(Size) == first && Allocate(Size) == block);
        Assert.Equal(0u, First->Kept.Slices);
        Assert.Equal(2 * Size, _heap.Statistics.UsedBytes);
    }

    [Theory]
    [InlineData(500_000)]
    [InlineData(1_100_000)]
    [InlineData(4 << 20)]
    public void Slices_that_were_never_used_come_last(int size)
    {
        byte* blocks = Allocate(4 * Size);
        Frontend.Free(blocks, _heap.Thread);
        nuint highWater = First->HighWater;
        Assert.True(Allocate((nuint)size) == blocks);
        Assert.Equal(highWater, First->HighWater);
        Assert.Equal(0u, First->Kept.Slices);
    }

    [Fact]
    public void A_run_of_more_than_4_MiB_is_free_for_blocks_that_grow()
    {
        byte* block = Allocate(6 * Size);
        Frontend.Free(block, _heap.Thread);
        Assert.Equal(0u, First->Kept.Slices);

        nuint highWater = First->HighWater;
        byte* growing = Allocate(Size);
        Assert.True(growing == block);
        Assert.True(Frontend.Reallocate(growing, 6 * Size, _heap.Thread) == block);
        Assert.Equal(highWater, First->HighWater);
    }

    [Fact]
    public void A_kept_run_is_cleared_for_a_request_of_zeros()
    {
        byte* first = Allocate(Size), block = Allocate(Size);
        Pattern.Fill(block, Size, 1);
        Frontend.Free(first, _heap.Thread);
        Frontend.Free(block, _heap.Thread);
        _ = Allocate(Size);
        byte* zeroed = (byte*)Frontend.AllocateZeroed(Size, 16, _heap.Thread);
        Assert.True(zeroed == block && Pattern.IsZero(zeroed, Size));
    }

    [Fact]
    public void A_second_run_of_a_length_is_free()
    {
        byte* first = Allocate(Size), second = Allocate(Size), third = Allocate(Size);
        Frontend.Free(first, _heap.Thread);
        Frontend.Free(second, _heap.Thread);
        Frontend.Free(third, _heap.Thread);
        Assert.Equal(Slices, First->Kept.Slices);
        Assert.Equal(3 * Size, _heap.Statistics.DirtyBytes);
        Assert.True(Allocate(Size) == first && Allocate(Size) == second && Allocate(Size) == third);
    }

    /// <summary>Other frees read the clock for each MiB, which may become more memory to purge.</summary>
    [Fact]
    public void Pairs_seldom_read_the_clock()
    {
        // The first one is kept by the thread.
        byte* first = Allocate(Size / 2), block = Allocate(Size);
        Frontend.Free(first, _heap.Thread);
        Frontend.Free(block, _heap.Thread);
        nuint readings = 0;
        for (int round = 0; round < 160; round++)
        {
            Frontend.Free(Allocate(Size), _heap.Thread);
            readings += _heap.State->Backend.FreedSinceClock == 0 ? 1u : 0u;
        }

        Assert.InRange(readings, 1u, 20u);
    }

    [Fact]
    public void Threads_keep_and_release_runs_at_once()
    {
        using Heap heap = new(new HeapOptions { DecayMilliseconds = 1, ReserveBytes = 64 << 20 });
        Heap shared = heap;
        HeapThreadsTests.Run(4, index =>
        {
            for (int round = 0; round < 2000; round++)
            {
                nuint size = (nuint)(2 + ((round + index) % 3)) << Region.Log2Slice;
                byte* block = (byte*)shared.Allocate(HeapTests.Of(size));
                block[0] = block[size - 1] = (byte)index;
                Thread.SpinWait(20);
                Assert.True(block[0] == index && block[size - 1] == index);
                shared.Deallocate(block, HeapTests.Of(size));
                if (round % 100 == 0)
                {
                    _ = shared.Trim();
                }
            }
        });
        Assert.Equal(0u, heap.GetStatistics().InUseBytes);
        Assert.True(HeapCheck.IsValid(heap.State));
    }

    private byte* Allocate(nuint size) => (byte*)Frontend.Allocate(size, _heap.Thread);
}
