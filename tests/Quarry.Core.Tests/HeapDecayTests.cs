using System;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

public unsafe class HeapDecayTests
{
    private const nuint Size = 4 << 20;

    [Fact]
    public void At_0_freed_memory_goes_back_at_once()
    {
        using CountingPages pages = new();
        Heap heap = Create(pages, 0);
        TakeAndFree(heap, Size);
        Assert.Equal(1, pages.Purges);
        Assert.Equal(0u, heap.GetStatistics().DirtyBytes);
        Assert.True(Pattern.IsZero(heap.AllocateZeroed(HeapTests.Of(Size)), Size));
        heap.Dispose();
    }

    [Fact]
    public void At_a_negative_time_it_never_goes_back_by_itself()
    {
        using CountingPages pages = new();
        Heap heap = Create(pages, -1);
        for (int round = 0; round < 20; round++)
        {
            TakeAndFree(heap, Size);
        }

        Assert.Equal(0, pages.Purges);
        Assert.Equal(Size, heap.GetStatistics().DirtyBytes);
        Assert.Equal(Size, heap.Trim());
        Assert.Equal(0u, heap.GetStatistics().DirtyBytes);
        heap.Dispose();
    }

    [Fact]
    public void After_the_decay_time_what_lay_idle_goes_back()
    {
        using CountingPages pages = new();
        Heap heap = Create(pages, 50);
        void* kept = heap.Allocate(HeapTests.Of(Size));
        TakeAndFree(heap, Size);
        Assert.Equal(Size, heap.GetStatistics().DirtyBytes);
        heap.Deallocate(kept, HeapTests.Of(Size));
        for (int round = 0; round < 4; round++)
        {
            Thread.Sleep(40);
            TakeAndFree(heap, 1 << 20);
        }

        Assert.InRange(heap.GetStatistics().DirtyBytes, 0u, 2u << 20);
        heap.Dispose();
    }

    [Fact]
    public void After_a_pause_longer_than_the_decay_time_the_next_calls_purge()
    {
        using CountingPages pages = new();
        Heap heap = Create(pages, 2000);
        TakeAndFree(heap, Size);
        Thread.Sleep(2500);

        // Far less than half the decay time, after which an ordinary pass would end.
        for (int round = 0; round < 3; round++)
        {
            TakeAndFree(heap, 1 << 20);
            Thread.Sleep(50);
        }

        Assert.InRange(heap.GetStatistics().DirtyBytes, 0u, 1u << 20);
        heap.Dispose();
    }

    [Fact]
    public void Few_allocations_of_small_blocks_purge_much_memory()
    {
        Heap heap = new(new HeapOptions { DecayMilliseconds = 20 });
        Layout layout = HeapTests.Of(100);
        TakeAndFree(heap, 64 << 20);
        int rounds = 0;
        for (; heap.GetStatistics().DirtyBytes > 1 << 20; rounds++)
        {
            // Without short lists one refill serves hundreds of rounds.
            Assert.InRange(rounds, 0, 1000);
            Thread.Sleep(10);
            heap.Deallocate(heap.Allocate(layout), layout);
        }

        heap.Dispose();
    }

    [Fact]
    public void What_comes_and_goes_within_the_decay_time_stays()
    {
        using CountingPages pages = new();
        Heap heap = Create(pages, 100_000);
        for (int round = 0; round < 1000; round++)
        {
            TakeAndFree(heap, Size);
        }

        Assert.Equal(0, pages.Purges);
        heap.Dispose();
    }

    [Fact]
    public void A_trim_keeps_what_is_in_use()
    {
        Heap heap = new();
        BlockModel model = new(heap);
        Random random = new(1);
        for (int index = 0; index < 3000; index++)
        {
            Assert.True(model.Allocate((nuint)random.Next(40_000), 16, false));
            Assert.True(index % 3 == 0 || model.Free(random.Next(10_000)));
        }

        Assert.True(heap.Trim() > 0);
        Assert.True(model.AreApartAndIntact());
        Assert.Equal(model.InUseBytes, heap.GetStatistics().InUseBytes);
        heap.Dispose();
    }

    [Fact]
    public void A_trim_of_an_empty_heap_leaves_nothing_used()
    {
        Heap heap = new();
        BlockModel model = new(heap);
        for (nuint size = 1; size < 300_000; size += 1 + (size / 10))
        {
            Assert.True(model.Allocate(size, 16, false));
        }

        Assert.True(model.FreeAll());
        _ = heap.Trim();
        HeapStatistics statistics = heap.GetStatistics();
        Assert.Equal((0u, 0u, 0u), (statistics.UsedBytes, statistics.DirtyBytes, statistics.InUseBlocks));
        heap.Dispose();
    }

    private static Heap Create(CountingPages pages, int decay)
    {
        HeapOptions options = pages.Options(64 << 20);
        options.DecayMilliseconds = decay;
        return new Heap(options);
    }

    private static void TakeAndFree(Heap heap, nuint size)
    {
        byte* block = (byte*)heap.Allocate(HeapTests.Of(size));
        block[0] = block[size / 2] = block[size - 1] = 1;
        heap.Deallocate(block, default);
    }
}
