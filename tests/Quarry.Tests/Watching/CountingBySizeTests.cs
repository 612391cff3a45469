using System;
using System.Collections.Generic;
using Xunit;
using static Quarry.Tests.Watching.OtherThreads;

namespace Quarry.Tests.Watching;

public sealed unsafe class CountingBySizeTests
{
    [Fact]
    public void Every_power_of_two_ends_a_class()
    {
        using CountingBySize<SystemHeap> counting = new(default);
        foreach (nuint size in new nuint[] { 0, 1, 2, 3, 4, 5, 8, 9, 1024, 1025 })
        {
            Layout layout = Layout.Create(size, 8);
            counting.Deallocate(counting.Allocate(layout), layout);
        }

        Assert.Equal(
            [(1, 2), (2, 1), (4, 2), (8, 2), (16, 1), (1024, 1), (2048, 1)],
            counting.GetSizeStatistics().ConvertAll(size => ((int)size.MaxSize, (int)size.Allocations)));
        Assert.All(counting.GetSizeStatistics(), size => Assert.Equal(0, size.CurrentBlocks));
        Assert.Equal(10, counting.Total.Statistics.Allocations);
    }

    [Fact]
    public void A_reallocation_moves_a_block_to_another_class()
    {
        using CountingBySize<SystemHeap> counting = new(default);
        void* block = counting.Reallocate(null, default, 10);
        block = counting.Reallocate(block, Layout.Create(10, 1), 12);
        block = counting.Reallocate(block, Layout.Create(12, 1), 100);

        Assert.Equal([(16, 1, 0), (128, 1, 1)], Rows(counting));
        counting.Deallocate(block, Layout.Create(100, 1));
        Assert.Equal([(16, 1, 0), (128, 1, 0)], Rows(counting));
        Assert.Equal(2, counting.Total.Statistics.Reallocations);
    }

    [Fact]
    public void All_threads_count()
    {
        using CountingBySize<SystemHeap> counting = new(default);
        Together(thread =>
        {
            Layout layout = Layout.Create((nuint)8 << thread, 8);
            for (int round = 0; round < 1000; round++)
            {
                void* block = counting.Allocate(layout);
                counting.Deallocate(counting.AllocateZeroed(Layout.Create(8, 8)), Layout.Create(8, 8));
                counting.Deallocate(block, layout);
            }
        });

        Assert.Equal([(8, 5000, 0), (16, 1000, 0), (32, 1000, 0), (64, 1000, 0)], Rows(counting));
    }

    [Fact]
    public void Giving_all_back_empties_the_classes()
    {
        using Bump<Shared> bump = new(1.MiB());
        using CountingBySize<Bump<Shared>> counting = new(bump);
        _ = counting.Allocate(Layout.Create(8, 8));
        Alone(() => _ = counting.Allocate(Layout.Create(8, 8)));
        counting.DeallocateAll();
        Assert.Equal([(8, 2, 0)], Rows(counting));
        Assert.Equal(0, counting.Total.Statistics.CurrentBytes);
    }

    [Fact]
    public void A_span_gets_as_many_classes_as_fit()
    {
        CountingBySize<SystemHeap> counting = new(default);
        Assert.Equal(3, counting.CopySizeStatistics(new SizeStatistics[3]));
        SizeStatistics[] all = new SizeStatistics[100];
        Assert.Equal(CountingBySize<SystemHeap>.SizeClasses, counting.CopySizeStatistics(all));
        Assert.Equal(Layout.MaxSize, all[CountingBySize<SystemHeap>.SizeClasses - 1].MaxSize);

        counting.Dispose();
        counting.Dispose();
        Assert.Equal(0, counting.CopySizeStatistics(all));
        _ = Assert.Throws<ObjectDisposedException>(counting.GetSizeStatistics);
        void* block = counting.Allocate(Layout.Create(8, 8));
        Assert.True(block != null);
        counting.Deallocate(block, Layout.Create(8, 8));
    }

    private static List<(int MaxSize, int Allocations, int CurrentBlocks)> Rows<TInner>(
        CountingBySize<TInner> counting)
        where TInner : unmanaged, IAllocator => counting.GetSizeStatistics().ConvertAll(
            size => ((int)size.MaxSize, (int)size.Allocations, (int)size.CurrentBlocks));
}
