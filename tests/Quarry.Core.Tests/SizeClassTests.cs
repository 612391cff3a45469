using Xunit;

namespace Quarry.Core.Tests;

public unsafe class SizeClassTests
{
    private const int Max = (int)SizeClass.MaxSize;

    [Fact]
    public void Every_size_is_served_by_the_smallest_class_that_holds_it()
    {
        int expected = 0;
        for (nuint size = 0; size <= Max; size++)
        {
            while (SizeClass.SizeOf(expected) < size)
            {
                expected++;
            }

            Assert.True(SizeClass.Of(size) == expected, $"size {size}");
        }

        Assert.Equal(SizeClass.Count - 1, expected);
    }

    [Fact]
    public void Waste_is_at_most_15_bytes_up_to_128_and_an_eighth_beyond()
    {
        for (nuint size = 1; size <= Max; size++)
        {
            nuint waste = SizeClass.SizeOf(SizeClass.Of(size)) - size;
            Assert.True(size <= 128 ? waste <= 15 : waste * 8 <= size, $"size {size}, waste {waste}");
        }
    }

    [Fact]
    public void Class_sizes_ascend_and_are_multiples_of_16()
    {
        for (int sizeClass = 1; sizeClass < SizeClass.Count; sizeClass++)
        {
            Assert.True(SizeClass.SizeOf(sizeClass) > SizeClass.SizeOf(sizeClass - 1));
            Assert.Equal(0u, SizeClass.SizeOf(sizeClass) % 16);
        }

        Assert.Equal(SizeClass.MaxSize, SizeClass.SizeOf(SizeClass.Count - 1));
    }

    [Fact]
    public void A_size_rounded_up_to_a_power_of_two_lands_on_a_class_that_is_a_multiple_of_it()
    {
        for (nuint alignment = 16; alignment <= Max; alignment *= 2)
        {
            for (nuint size = alignment; size <= Max; size += alignment)
            {
                nuint blockSize = SizeClass.SizeOf(SizeClass.Of(size));
                Assert.True(blockSize % alignment == 0, $"size {size}, alignment {alignment}");
            }
        }
    }

    [Fact]
    public void A_page_holds_at_least_eight_blocks_and_wastes_at_most_an_eighth()
    {
        for (int sizeClass = 0; sizeClass < SizeClass.Count; sizeClass++)
        {
            nuint pageSize = SizeClass.SlicesOf(sizeClass) * Region.SliceSize;
            nuint blocks = pageSize / SizeClass.SizeOf(sizeClass);
            Assert.InRange(blocks, 8u, (nuint)ushort.MaxValue);
            Assert.True((pageSize % SizeClass.SizeOf(sizeClass)) * 8 <= pageSize);
        }
    }

    [Fact]
    public void A_heap_gives_every_size_a_block_of_its_class()
    {
        using HeapFixture heap = new(64 << 20);
        for (nuint size = 0; size <= Max; size++)
        {
            void* block = ThreadHeap.Allocate(size, heap.Thread);
            nuint usable = ThreadHeap.UsableSize(heap.State, block);
            ThreadHeap.Free(block, heap.Thread);
            Assert.True(usable == SizeClass.SizeOf(SizeClass.Of(size)), $"size {size}, block {usable}");
        }
    }
}
