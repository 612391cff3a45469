using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Heaps that outgrow their first region.</summary>
public unsafe class RegionGrowthTests
{
    [Theory]
    [InlineData(4 << 20)]
    [InlineData(5 << 20)]
    [InlineData(8 << 20)]
    public void A_heap_whose_slices_are_all_taken_adds_regions(int reserve)
    {
        using CountingPages pages = new();
        using HeapFixture heap = new((nuint)reserve, pages: pages.Source);
        nuint blocks = 40_000_000 / 8192;
        for (nuint index = 0; index < blocks; index++)
        {
            byte* block = (byte*)Frontend.Allocate(8192, heap.Thread);
            Assert.True(block != null);
            block[0] = block[8191] = 1;
        }

        Assert.InRange(heap.Regions, 3u, 15u);
        Assert.Equal(heap.Regions, (nuint)pages.Live.Count);
        Assert.Equal(blocks, heap.Statistics.InUseBlocks);
    }

    [Fact]
    public void A_request_larger_than_a_region_gets_a_mapping()
    {
        using HeapFixture heap = new();
        byte* block = (byte*)Frontend.Allocate(100 << 20, heap.Thread);
        Assert.Equal((nuint)100 << 20, HugeBlocks.SizeOf(&heap.State->Backend, block));
        Assert.Equal(1u, heap.Regions);
    }

    [Fact]
    public void A_smaller_region_is_taken_where_a_large_one_is_refused()
    {
        using CountingPages pages = new();
        using HeapFixture heap = new(64 << 20, pages: pages.Source);
        pages.LargestReserve = 8 << 20;
        for (int index = 0; index < 80; index++)
        {
            Assert.True(Frontend.Allocate(1 << 20, heap.Thread) != null);
        }

        Assert.Contains((nuint)8 << 20, pages.Live.Values);
    }

    /// <summary>As when extent hooks are installed while another thread allocates.</summary>
    [Fact]
    public void A_size_of_regions_that_is_set_while_one_is_added_remains()
    {
        using CountingPages pages = new();
        using HeapFixture heap = new(16 << 20, pages: pages.Source);
        HeapBackend* backend = &heap.State->Backend;
        pages.OnReserve = () =>
        {
            backend->RegionSize = Region.MinSize;
            backend->RegionLimit = Layout.MaxSize;
        };
        while (heap.Regions < 2)
        {
            Assert.True(Frontend.Allocate(100_000, heap.Thread) != null);
        }

        Assert.Equal(Region.MinSize, backend->RegionSize);
    }

    [Fact]
    public void A_heap_begins_small_where_nothing_more_can_be_had()
    {
        using CountingPages pages = new() { LargestReserve = 6 << 20 };
        using HeapFixture heap = new(unchecked((nuint)HeapOptions.DefaultReserveBytes), pages: pages.Source);
        Assert.InRange(heap.State->Backend.First->Size, (nuint)3 << 20, (nuint)6 << 20);
        Assert.True(Frontend.Allocate(100, heap.Thread) != null);
    }

    [Fact]
    public void A_heap_with_a_tiny_first_region_still_grows()
    {
        using HeapFixture heap = new(1 << 20);
        for (int index = 0; index < 3000; index++)
        {
            Assert.True(Frontend.Allocate(1000, heap.Thread) != null, $"block {index}");
        }
    }

    [Fact]
    public void Blocks_of_other_regions_are_freed_resized_and_owned_like_those_of_the_first()
    {
        using HeapFixture heap = new();
        byte* block = null;
        while (heap.Regions < 3)
        {
            block = (byte*)Frontend.Allocate(100_000, heap.Thread);
        }

        Assert.True(heap.State->Backend.RegionOf(block) != heap.State->Backend.First);
        Assert.Equal(102_400u, Frontend.UsableSize(heap.State, block));
        Pattern.Fill(block, 100_000, 1);
        byte* moved = (byte*)Frontend.Reallocate(block, 1000, heap.Thread);
        Assert.True(Pattern.Holds(moved, 1000, 100_000, 1));
        Assert.Equal(0u, Frontend.UsableSize(heap.State, block));
        nuint blocks = heap.Statistics.InUseBlocks;
        Frontend.Free(moved, heap.Thread);
        Assert.Equal(blocks - 1, heap.Statistics.InUseBlocks);
    }

    [Fact]
    public void A_region_that_holds_more_than_the_first_can_becomes_the_primary_one()
    {
        using HeapFixture heap = new((nuint)8 << 30);
        void* early = Frontend.Allocate(100, heap.Thread);
        Assert.Equal((nuint)1 << 30, heap.State->Backend.First->Size);
        Region* primary = heap.State->Backend.First;
        for (int index = 0; index < 40; index++)
        {
            Assert.True(Frontend.Allocate(64 << 20, heap.Thread) != null);
        }

        Assert.True(heap.State->Backend.Primary != primary);
        for (int index = 0; index < 2000; index++)
        {
            Frontend.Free(Frontend.Allocate(5000, heap.Thread), heap.Thread);
        }

        // The thread follows at a slow path, and blocks of both regions are still freed.
        Assert.True(heap.Thread->Base == heap.State->Backend.Primary->Base);
        Frontend.Free(early, heap.Thread);
        Assert.Equal(40u, heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(heap.State));
    }
}
