using System;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests the fast path of reallocation, for blocks that already have the right size.</summary>
public sealed unsafe class FittingTests : IDisposable
{
    private readonly HeapFixture _heap = new(64 << 20);

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(16)]
    [InlineData(96)]
    [InlineData(1000)]
    [InlineData(60_000)]
    public void A_block_fits_sizes_above_half_of_its_own(int size)
    {
        void* block = Frontend.Allocate((nuint)size, _heap.Thread);
        void* neighbour = Frontend.Allocate((nuint)size, _heap.Thread);
        nuint usable = Frontend.UsableSize(block, _heap.Thread);
        for (nuint other = 0; other < 2 * usable; other++)
        {
            Assert.Equal(other > usable / 2 && other <= usable, Frontend.Fits(block, other, _heap.Thread));
        }

        Assert.False(Frontend.Fits(block, nuint.MaxValue, _heap.Thread));
        Frontend.Free(block, _heap.Thread);
        Frontend.Free(neighbour, _heap.Thread);
    }

    [Fact]
    public void Other_addresses_do_not_fit()
    {
        void* large = Frontend.Allocate(1 << 20, _heap.Thread);
        Assert.False(Frontend.Fits(null, 0, _heap.Thread));
        Assert.False(Frontend.Fits(null, 100, _heap.Thread));
        Assert.False(Frontend.Fits(&large, 8, _heap.Thread));
        Assert.False(Frontend.Fits(large, 1 << 20, _heap.Thread));
        Frontend.Free(large, _heap.Thread);
    }

    [Fact]
    public void The_block_of_another_thread_takes_the_slow_path()
    {
        ThreadHeap* other = ThreadLifetime.AcquireSecond(_heap.State, ThreadOwnership.Unknown);
        void* block = Frontend.Allocate(1000, other);
        Assert.False(Frontend.Fits(block, 1000, _heap.Thread));
        Assert.True(Frontend.Reallocate(block, 1000, _heap.Thread) == block);
    }

    [Fact]
    public void An_observed_thread_takes_the_slow_path()
    {
        void* block = Frontend.Allocate(1000, _heap.Thread);
        void* neighbour = Frontend.Allocate(1000, _heap.Thread);
        Assert.True(Frontend.Fits(block, 1000, _heap.Thread));
        HeapObserver observer = new(&Ignore, &Ignore, &Ignore);
        HeapState.SetObserver(_heap.State, &observer);
        Frontend.Free(Frontend.Allocate(5000, _heap.Thread), _heap.Thread);
        Assert.False(Frontend.Fits(block, 1000, _heap.Thread));
        Assert.True(Frontend.Reallocate(block, 999, _heap.Thread) == block);
        HeapState.SetObserver(_heap.State, null);
        Frontend.Free(block, _heap.Thread);
        Frontend.Free(neighbour, _heap.Thread);
    }

    private static void Ignore(HeapObserver* observer, void* block, nuint size)
    {
    }

    private static void Ignore(HeapObserver* observer, void* from, void* to, nuint size)
    {
    }
}
