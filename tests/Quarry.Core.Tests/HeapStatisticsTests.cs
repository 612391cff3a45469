using System.Linq;
using Xunit;

namespace Quarry.Core.Tests;

public unsafe class HeapStatisticsTests
{
    [Fact]
    public void A_new_heap_has_used_nothing()
    {
        Heap heap = new();
        HeapStatistics statistics = heap.GetStatistics(out SizeClassStatistics[] classes);
        Assert.Equal(0u, statistics.Allocations);
        Assert.Equal(0u, statistics.RequestedBytes);
        Assert.Equal(0u, statistics.UsedBytes);
        Assert.Equal(1u, statistics.Threads);
        Assert.Equal(SmallSizes<EightPerDoubling>.Count, classes.Length);
        Assert.All(classes, entry => Assert.Equal(0u, entry.Allocations + entry.InUseBlocks + entry.Pages));
        heap.Dispose();
    }

    [Fact]
    public void Classes_count_blocks_taken_in_use_and_pages()
    {
        Heap heap = new();
        nuint[] blocks = new nuint[1000];
        for (int index = 0; index < blocks.Length; index++)
        {
            blocks[index] = (nuint)heap.Allocate(HeapTests.Of(1000));
        }

        for (int index = 0; index < 300; index++)
        {
            heap.Deallocate((void*)blocks[index], default);
        }

        HeapStatistics statistics = heap.GetStatistics(out SizeClassStatistics[] classes);
        SizeClassStatistics entry = Assert.Single(classes, entry => entry.Allocations != 0);
        Assert.Equal((1024u, 1000u, 700u), (entry.BlockSize, entry.Allocations, entry.InUseBlocks));
        Assert.InRange(entry.Pages, 11u, 16u);
        Assert.Equal((1000u * 1024, 700u * 1024), (statistics.RequestedBytes, statistics.InUseBytes));
        heap.Dispose();
    }

    [Fact]
    public void Block_sizes_ascend()
    {
        Heap heap = new();
        _ = heap.GetStatistics(out SizeClassStatistics[] classes);
        nuint[] sizes = [.. classes.Select(entry => entry.BlockSize)];
        Assert.Equal(sizes.Order(), sizes);
        heap.Dispose();
    }

    [Fact]
    public void Large_blocks_are_counted_apart()
    {
        Heap heap = new(new HeapOptions { ReserveBytes = 4 << 20 });
        void* slices = heap.Allocate(HeapTests.Of(100_000));
        void* mapped = heap.Allocate(HeapTests.Of(10_000_000));
        _ = heap.Allocate(HeapTests.Of(10));
        HeapStatistics statistics = heap.GetStatistics();
        Assert.Equal((2u, 2u), (statistics.LargeAllocations, statistics.LargeInUseBlocks));
        Assert.Equal(3u, statistics.InUseBlocks);
        Assert.Equal(102_400u + 10_002_432u, statistics.LargeInUseBytes);
        heap.Deallocate(slices, default);
        heap.Deallocate(mapped, default);
        statistics = heap.GetStatistics();
        Assert.Equal((2u, 0u), (statistics.LargeAllocations, statistics.LargeInUseBlocks));
        Assert.Equal(0u, statistics.LargeInUseBytes);
        Assert.Equal(16u, statistics.InUseBytes);
        heap.Dispose();
    }

    [Fact]
    public void The_peak_stays_when_use_goes_down()
    {
        Heap heap = new();
        heap.Deallocate(heap.Allocate(HeapTests.Of(5_000_000)), default);
        HeapStatistics statistics = heap.GetStatistics();
        Assert.InRange(statistics.PeakBytes, 5_000_000u, 5_100_000u);
        Assert.True(statistics.UsedBytes < 100_000);
        heap.Dispose();
    }

    [Fact]
    public void Mapped_is_the_address_space_of_regions_and_mappings()
    {
        using CountingPages pages = new();
        Heap heap = new(pages.Options());
        _ = heap.Allocate(HeapTests.Of(7_000_000));
        for (int index = 0; index < 1000; index++)
        {
            _ = heap.Allocate(HeapTests.Of(10_000));
        }

        HeapStatistics statistics = heap.GetStatistics();
        Assert.Equal((nuint)pages.Live.Values.Sum(size => (long)size), statistics.MappedBytes);
        Assert.InRange(statistics.CommittedBytes, statistics.UsedBytes, statistics.MappedBytes);
        heap.Dispose();
    }
}
