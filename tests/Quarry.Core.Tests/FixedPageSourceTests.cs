using System;
using System.Runtime.InteropServices;
using Xunit;

namespace Quarry.Core.Tests;

public sealed unsafe class FixedPageSourceTests : IDisposable
{
    private const nuint Size = 8 << 20;

    private readonly byte* _memory;

    public FixedPageSourceTests()
    {
        _memory = (byte*)NativeMemory.AlignedAlloc(Size, 2 << 20);
        NativeMemory.Clear(_memory, Size);
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    [Fact]
    public void Reserve_returns_the_range_once()
    {
        FixedPageSource pages = new(_memory, Size);
        Assert.True(pages.Reserve(Size, 2 << 20) == _memory);
        Assert.True(pages.Reserve(4096, 4096) == null);
    }

    [Fact]
    public void Reserve_aligns_within_the_range()
    {
        FixedPageSource pages = new(_memory + 4096, Size - 4096);
        Assert.True(pages.Reserve(1 << 20, 2 << 20) == _memory + (2 << 20));
    }

    [Theory]
    [InlineData(8 << 20, 4096, 8 << 20)]
    [InlineData(4096, 4096, (8 << 20) + 4096)]
    [InlineData(4096, 4096, 1 << 30)]
    public void Reserve_of_more_than_the_range_returns_null(int offset, int length, int size)
    {
        FixedPageSource pages = new(_memory + Math.Min(offset, 1 << 20), (nuint)length);
        Assert.True(pages.Reserve((nuint)size, 4096) == null);
    }

    [Fact]
    public void A_failed_reserve_leaves_the_range_available()
    {
        FixedPageSource pages = new(_memory, Size);
        Assert.True(pages.Reserve(Size + 4096, 4096) == null);
        Assert.True(pages.Reserve(Size, 4096) != null);
    }

    [Fact]
    public void Release_makes_the_range_available_again()
    {
        FixedPageSource pages = new(_memory, Size);
        void* start = pages.Reserve(Size, 4096);
        pages.Release(start, Size);
        Assert.True(pages.Reserve(Size, 4096) == start);
    }

    [Fact]
    public void Purge_does_nothing_and_returns_false()
    {
        FixedPageSource pages = new(_memory, Size);
        _memory[0] = 7;
        Assert.True(pages.Commit(_memory, Size));
        Assert.False(pages.Purge(_memory, Size));
        Assert.Equal(7, _memory[0]);
    }

    [Fact]
    public void A_heap_lives_in_the_range_alone()
    {
        FixedPageSource pages = new(_memory, Size);
        HeapOptions options = new() { Pages = PageSource.Of(&pages), ReserveBytes = Size };
        Assert.True(Heap.TryCreate(options, out Heap heap));
        nuint blocks = 0;
        Layout.TryCreate(1000, 16, out Layout layout);
        for (byte* block = Take(heap, layout); block != null; block = Take(heap, layout))
        {
            Assert.InRange((nuint)block, (nuint)_memory, (nuint)_memory + Size - 1000);
            blocks++;
        }

        Assert.InRange(blocks, 6000u, 8000u);
        heap.Dispose();
    }

    [Theory]
    [InlineData(64 << 10, 1 << 20)]
    [InlineData(4096, 1 << 20)]
    [InlineData(80, 2 << 20)]
    [InlineData(1 << 20, 4 << 20)]
    public void A_heap_uses_most_of_an_unaligned_array(int offset, int size)
    {
        FixedPageSource pages = new(_memory + offset, (nuint)size);
        HeapOptions options = new() { Pages = PageSource.Of(&pages), ReserveBytes = (nuint)size };
        Assert.True(Heap.TryCreate(options, out Heap heap));
        nuint blocks = 0;
        Layout.TryCreate(4096, 4096, out Layout layout);
        for (byte* block = Take(heap, layout); block != null; block = Take(heap, layout))
        {
            Assert.Equal(0u, (nuint)block % 4096);
            Assert.InRange((nuint)(block - _memory), (nuint)offset, (nuint)(offset + size - 4096));
            blocks++;
        }

        // The tables take a good 256 KiB, the alignment of slices up to 64.
        Assert.InRange(blocks * 4096, ((nuint)size - (512 << 10)) / 2, (nuint)size);
        heap.Dispose();
    }

    [Fact]
    public void A_second_heap_in_the_same_range_is_empty()
    {
        FixedPageSource pages = new(_memory, Size);
        HeapOptions options = new() { Pages = PageSource.Of(&pages), ReserveBytes = Size };
        Layout.TryCreate(100_000, 16, out Layout layout);
        for (int round = 0; round < 3; round++)
        {
            Assert.True(Heap.TryCreate(options, out Heap heap));
            for (int index = 0; index < 20; index++)
            {
                void* block = heap.AllocateZeroed(layout);
                Assert.True(block != null && Pattern.IsZero(block, layout.Size));
                Pattern.Fill(block, layout.Size, 1);
            }

            Assert.Equal(20u, heap.GetStatistics().InUseBlocks);
            heap.Dispose();
        }
    }

    private static byte* Take(Heap heap, Layout layout) => (byte*)heap.Allocate(layout);
}
