using System;
using System.Collections.Generic;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests the properties that the heap requires of a geometry, and a heap that uses it.</summary>
public abstract unsafe class SmallSizesTests<TSizes> where TSizes : ISizeSteps
{
    private const int Max = (int)SmallSizes<EightPerDoubling>.MaxSize;

    [Fact]
    public void Every_size_is_served_by_the_smallest_class_that_holds_it()
    {
        int expected = 0;
        for (nuint size = 0; size <= Max; size++)
        {
            while (SmallSizes<TSizes>.SizeOf(expected) < size)
            {
                expected++;
            }

            Assert.True(SmallSizes<TSizes>.ClassOf(size) == expected, $"size {size}");
        }

        Assert.Equal(SmallSizes<TSizes>.Count - 1, expected);
    }

    [Fact]
    public void A_thread_heap_has_room_for_the_classes() =>
        Assert.InRange(SmallSizes<TSizes>.Count, 1, ThreadHeap.MaxClasses);

    [Fact]
    public void Class_sizes_ascend_to_the_largest_and_are_multiples_of_the_quantum()
    {
        for (int sizeClass = 1; sizeClass < SmallSizes<TSizes>.Count; sizeClass++)
        {
            Assert.True(SmallSizes<TSizes>.SizeOf(sizeClass) > SmallSizes<TSizes>.SizeOf(sizeClass - 1));
            Assert.Equal(0u, SmallSizes<TSizes>.SizeOf(sizeClass) % SmallSizes<TSizes>.Quantum);
        }

        Assert.Equal((nuint)Max, SmallSizes<TSizes>.SizeOf(SmallSizes<TSizes>.Count - 1));
    }

    [Fact]
    public void A_size_rounded_up_to_a_power_of_two_has_a_class_that_is_a_multiple_of_it()
    {
        for (nuint alignment = 16; alignment <= Max; alignment *= 2)
        {
            for (nuint size = alignment; size <= Max; size += alignment)
            {
                nuint blockSize = SmallSizes<TSizes>.SizeOf(SmallSizes<TSizes>.ClassOf(size));
                Assert.True(blockSize % alignment == 0, $"size {size}, alignment {alignment}");
            }
        }
    }

    [Fact]
    public void A_page_holds_at_least_eight_blocks_and_wastes_at_most_an_eighth()
    {
        for (int sizeClass = 0; sizeClass < SmallSizes<TSizes>.Count; sizeClass++)
        {
            nuint pageSize = SmallSizes<TSizes>.SlicesOf(sizeClass) * Region.SliceSize;
            nuint blocks = pageSize / SmallSizes<TSizes>.SizeOf(sizeClass);
            Assert.InRange(blocks, 8u, (nuint)ushort.MaxValue);
            Assert.True((pageSize % SmallSizes<TSizes>.SizeOf(sizeClass)) * 8 <= pageSize);
        }
    }

    [Fact]
    public void The_table_of_a_heap_holds_the_class_of_each_size()
    {
        HeapOptions options = new() { ReserveBytes = 4 << 20 };
        HeapState* heap = HeapState.TryCreate<TSizes>(&options);
        for (nuint size = 0; size <= ThreadHeap.MaxTableSize; size++)
        {
            Assert.Equal(SmallSizes<TSizes>.ClassOf(size), heap->ClassTable[size]);
        }

        Assert.Equal(ThreadHeap.NoClass, heap->ClassTable[ThreadHeap.TableLength - 1]);
        HeapState.Destroy(heap);
    }

    [Fact]
    public void A_heap_serves_every_size_by_its_class_and_stays_valid()
    {
        HeapOptions options = new() { PageSource = PageSource.Mmap(), ReserveBytes = 256 << 20 };
        HeapState* heap = HeapState.TryCreate<TSizes>(&options);
        ThreadHeap* thread = ThreadLifetime.Acquire(heap, Os.ThreadId());
        List<(nuint Block, int Size)> blocks = [];
        Random random = new(1);
        for (int size = 0; size <= Max; size += 1 + random.Next(40))
        {
            void* block = HeapFrontend<TSizes, ValueHost>.Allocate((nuint)size, thread);
            nuint usable = HeapFrontend<TSizes, ValueHost>.UsableSize(heap, block);
            Assert.Equal(SmallSizes<TSizes>.SizeOf(SmallSizes<TSizes>.ClassOf((nuint)size)), usable);
            Pattern.Fill(block, (nuint)size, (uint)size);
            blocks.Add(((nuint)block, size));
            if (random.Next(3) == 0)
            {
                Free(random.Next(blocks.Count));
            }
        }

        Assert.True(HeapCheck.IsValid(heap));
        SizeClassStatistics* classes = stackalloc SizeClassStatistics[ThreadHeap.MaxClasses];
        Assert.Equal((nuint)blocks.Count, HeapCensus.Take<TSizes>(heap, classes).InUseBlocks);
        while (blocks.Count > 0)
        {
            Free(blocks.Count - 1);
        }

        _ = HeapUpkeep.Trim(thread);
        Assert.True(HeapCheck.IsValid(heap));
        Assert.Equal(0u, heap->Backend.Used);
        HeapState.Destroy(heap);

        void Free(int which)
        {
            (nuint block, int size) = blocks[which];
            Assert.True(Pattern.Holds((void*)block, (nuint)size, (uint)size));
            HeapFrontend<TSizes, ValueHost>.Free((void*)block, thread);
            blocks.RemoveAt(which);
        }
    }
}
