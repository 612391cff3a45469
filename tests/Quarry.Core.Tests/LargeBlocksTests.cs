using System;
using Xunit;

namespace Quarry.Core.Tests;

public sealed unsafe class LargeBlocksTests : IDisposable
{
    private readonly HeapFixture _heap = new(64 << 20);

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(65537)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(31 << 20)]
    public void A_block_has_the_size_rounded_to_pages_and_is_writable_to_the_last_byte(int size)
    {
        byte* block = Allocate((nuint)size);
        nuint usable = Frontend.UsableSize(_heap.State, block);
        Assert.Equal(Layout.AlignUp((nuint)size, 4096), usable);
        Pattern.Fill(block, usable, 7);
        Assert.True(Pattern.Holds(block, usable, 7));
        Frontend.Free(block, _heap.Thread);
        Assert.Equal(0u, _heap.Statistics.InUseBytes);
    }

    [Fact]
    public void A_freed_block_is_used_again()
    {
        byte* block = Allocate(1 << 20);
        Frontend.Free(block, _heap.Thread);
        Assert.True(Allocate(1 << 20) == block);
    }

    [Fact]
    public void A_block_grows_in_place_into_free_neighbours()
    {
        byte* block = Allocate(100_000);
        byte* neighbour = Allocate(300_000);
        Pattern.Fill(block, 100_000, 1);
        Assert.False(Frontend.TryResize(_heap.State, block, 200_000));
        Frontend.Free(neighbour, _heap.Thread);
        Assert.True(Frontend.TryResize(_heap.State, block, 200_000));
        Assert.InRange(Frontend.UsableSize(_heap.State, block), 200_000u, 204_800u);
        Assert.True(Pattern.Holds(block, 100_000, 1));
        Pattern.Fill(block, 200_000, 2);
    }

    [Theory]
    [InlineData(131_072, 67_000, 61_440)]
    [InlineData(131_072, 120_000, 0)]
    [InlineData(1_000_000, 67_000, 61_440)]
    [InlineData(100_000, 67_000, 32_768)]
    public void A_block_that_shrinks_purges_the_rest_of_its_last_slice(int before, int after, int purged)
    {
        using HeapFixture heap = new(64 << 20, decay: 100_000);
        byte* block = (byte*)Frontend.Allocate((nuint)before, heap.Thread);
        Pattern.Fill(block, (nuint)before, 1);
        Assert.True(Frontend.TryResize(heap.State, block, (nuint)after));
        Assert.Equal((nuint)purged, heap.State->Backend.Supply.PurgedBytes);
        Assert.True(Pattern.Holds(block, (nuint)after, (nuint)before, 1));
        Assert.True(Frontend.TryResize(heap.State, block, (nuint)after + 40_000));
        Assert.True(Pattern.Holds(block, (nuint)after, (nuint)before, 1));
        Assert.True(HeapCheck.IsValid(heap.State));
    }

    [Fact]
    public void A_block_that_shrinks_gives_its_slices_back()
    {
        byte* block = Allocate(1_000_000);
        nuint used = _heap.Statistics.UsedBytes;
        Assert.True(Frontend.TryResize(_heap.State, block, 100_000));
        Assert.Equal(used - (14 * Region.SliceSize), _heap.Statistics.UsedBytes);
        Assert.Equal(102_400u, _heap.Statistics.LargeInUseBytes);
        Assert.True(Allocate(500_000) == block + (2 * Region.SliceSize));
    }

    [Fact]
    public void What_grew_over_stale_slices_is_not_called_zero_afterwards()
    {
        byte* block = Allocate(100_000);
        byte* neighbour = Allocate(300_000);
        Pattern.Fill(neighbour, 300_000, 1);
        Frontend.Free(neighbour, _heap.Thread);
        Assert.True(Frontend.TryResize(_heap.State, block, 400_000));
        Frontend.Free(block, _heap.Thread);
        byte* zeroed = (byte*)Frontend.AllocateZeroed(400_000, 16, _heap.Thread);
        Assert.True(Pattern.IsZero(zeroed, 400_000));
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(5_000_000)]
    public void A_zeroed_block_in_stale_memory_reads_zero(int size)
    {
        byte* block = Allocate((nuint)size);
        for (int at = 0; at < size; at++)
        {
            block[at] = 0xff;
        }

        Frontend.Free(block, _heap.Thread);
        byte* zeroed = (byte*)Frontend.AllocateZeroed((nuint)size, 16, _heap.Thread);
        Assert.True(zeroed == block && Pattern.IsZero(zeroed, (nuint)size));
    }

    [Fact]
    public void Growing_fails_at_the_limit_and_charges_nothing()
    {
        byte* block = Allocate(100_000);
        nuint used = _heap.State->Backend.Used;
        _heap.State->Backend.Limit = used + 100_000;
        Assert.False(Frontend.TryResize(_heap.State, block, 1_000_000));
        Assert.Equal(used, _heap.State->Backend.Used);
    }

    [Fact]
    public void Slices_are_given_back_only_once_the_block_no_longer_has_them()
    {
        // A thread that is killed in between would otherwise leave a block that contains another one.
        using CountingPages pages = new();
        using HeapFixture heap = new(pages: pages.Source, decay: 0);
        byte* block = (byte*)Frontend.Allocate(1_000_000, heap.Thread);
        Page* page = heap.State->Backend.Find(block, out _);
        uint seen = 0;
        pages.OnPurge = () => seen = page->Slices;
        Assert.True(Frontend.TryResize(heap.State, block, 100_000));
        Assert.Equal(2u, seen);
    }

    private byte* Allocate(nuint size) => (byte*)Frontend.Allocate(size, _heap.Thread);
}
