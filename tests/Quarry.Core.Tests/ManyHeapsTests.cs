using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Heaps never notice one another, and leave nothing behind.</summary>
[Collection(nameof(Alone))]
public unsafe class ManyHeapsTests
{
    [Fact]
    public void Two_hundred_heaps_at_once_hold_what_was_put_into_each()
    {
        HeapOptions options = new() { ReserveBytes = 4 << 20 };
        Heap[] heaps = [.. Enumerable.Range(0, 200).Select(_ => new Heap(options))];
        BlockModel[] models = [.. heaps.Select(heap => new BlockModel(heap))];
        for (int round = 0; round < 60; round++)
        {
            for (int index = 0; index < models.Length; index++)
            {
                nuint size = (nuint)(((round * 7919) + (index * 104729)) % 3000);
                Assert.True(models[index].Allocate(size, 16, zeroed: round % 5 == 0));
            }
        }

        for (int index = 0; index < heaps.Length; index += 2)
        {
            heaps[index].Dispose();
        }

        for (int index = 1; index < heaps.Length; index += 2)
        {
            Assert.True(models[index].AreApartAndIntact());
            Assert.Equal(60u, heaps[index].GetStatistics().InUseBlocks);
            Assert.True(models[index].FreeAll());
            heaps[index].Dispose();
        }
    }

    [Fact]
    public void Every_mapping_of_a_destroyed_heap_is_gone()
    {
        List<(nuint Start, nuint End)> ranges = [];
        for (int index = 0; index < 50; index++)
        {
            Heap heap = new(
                new HeapOptions { ReserveBytes = 4 << 20, PageSource = PageSource.Mmap() });
            Fill(heap, ranges);
            HeapThreadsTests.Run(2, _ => Fill(heap, null));
            heap.Dispose();
        }

        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            Assert.DoesNotContain(ranges, range => Overlaps(line, range));
        }
    }

    [Fact]
    public void The_number_and_size_of_mappings_come_back_to_the_start()
    {
        Create(20);
        (int lines, long bytes) = Mappings.Total();
        Create(200);
        (int linesAfter, long bytesAfter) = Mappings.Total();
        Assert.InRange(linesAfter - lines, -1000, 10);
        Assert.InRange(bytesAfter - bytes, -(1L << 40), 16 << 20);
    }

    [Fact]
    public void Heaps_of_one_slot_are_told_apart()
    {
        Heap first = new();
        void* block = first.Allocate(HeapTests.Of(100));
        first.Dispose();
        Heap second = new();
        Assert.NotEqual(first, second);
        Assert.Equal(0u, second.GetStatistics().InUseBlocks);
        Assert.True(second.Allocate(HeapTests.Of(100)) != null);
        HeapThreadsTests.Run(1, _ => Assert.True(second.Allocate(HeapTests.Of(100)) != null));
        Assert.Equal(2u, second.GetStatistics().InUseBlocks);
        second.Dispose();
        Assert.True(block != null);
    }

    [Fact]
    public void A_small_heap_touches_four_pages()
    {
        Assert.SkipUnless(Os.PageSize == 4096, "The structures of a heap fill pages of 4 KiB.");
        using Heap heap = new();
        *(byte*)heap.Allocate(HeapTests.Of(100)) = 1;
        Region* region = heap.State->Backend.First;
        nuint used = region->Committed << Region.Log2Slice;
        Assert.InRange(Os.Resident(region->Base, used), 1u, 4 * Os.PageSize);
    }

    [Fact]
    public void Two_heaps_in_turn_stay_at_hand()
    {
        Heap first = new(), second = new();
        Layout layout = HeapTests.Of(100);
        _ = first.Allocate(layout);
        _ = second.Allocate(layout);
        (ulong, ulong) atHand = (ThreadWords.t_heapSerial, ThreadWords.t_otherSerial);
        for (int round = 0; round < 3; round++)
        {
            first.Deallocate(first.Allocate(layout), layout);
            second.Deallocate(second.Allocate(layout), layout);
            Assert.Equal(atHand, (ThreadWords.t_heapSerial, ThreadWords.t_otherSerial));
        }

        Assert.Equal((1u, 1u), (first.GetStatistics().InUseBlocks, second.GetStatistics().InUseBlocks));
        first.Dispose();
        Assert.Equal((atHand.Item1, 0ul), (ThreadWords.t_heapSerial, ThreadWords.t_otherSerial));
        Assert.True(first.Allocate(layout) == null && second.Allocate(layout) != null);
        second.Dispose();
        Assert.Equal((0ul, 0ul), (ThreadWords.t_heapSerial, ThreadWords.t_otherSerial));
    }

    private static void Create(int count)
    {
        for (int index = 0; index < count; index++)
        {
            Heap heap = new(
                new HeapOptions { ReserveBytes = 4 << 20, PageSource = PageSource.Mmap() });
            Fill(heap, null);
            heap.Dispose();
        }
    }

    private static void Fill(Heap heap, List<(nuint Start, nuint End)>? ranges)
    {
        foreach (nuint size in new nuint[] { 10, 8000, 300_000, 1_500_000, 1_900_000, 1_900_000, 9_000_000 })
        {
            byte* block = (byte*)heap.Allocate(HeapTests.Of(size));
            block[0] = block[size - 1] = 1;
            ranges?.Add(((nuint)block, (nuint)block + size));
        }

        byte* growing = (byte*)heap.Allocate(HeapTests.Of(3_000_000));
        growing = (byte*)heap.Reallocate(growing, HeapTests.Of(3_000_000), 20_000_000);
        ranges?.Add(((nuint)growing, (nuint)growing + 20_000_000));
    }

    private static bool Overlaps(string line, (nuint Start, nuint End) range)
    {
        (nuint start, nuint end) = Mappings.RangeOf(line);
        return start < range.End && range.Start < end;
    }
}
