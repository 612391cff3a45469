using System.Collections.Generic;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>A page source that fails at one call, or from one on, costs blocks and nothing else.</summary>
public unsafe class HeapFailureTests
{
    private static readonly nuint[] s_sizes = [24, 3000, 60_000, 100_000, 1_500_000, 5_000_000];

    [Fact]
    public void One_call_fails()
    {
        int calls = CallsOf(-1, -1);
        Assert.InRange(calls, 20, 500);
        for (int call = 0; call <= calls; call++)
        {
            _ = CallsOf(call, -1);
        }
    }

    [Fact]
    public void All_calls_fail_from_one_on()
    {
        int calls = CallsOf(-1, -1);
        for (int call = 0; call <= calls; call++)
        {
            _ = CallsOf(-1, call);
        }
    }

    [Fact]
    public void A_heap_recovers_when_the_source_does()
    {
        using CountingPages pages = new();
        Heap heap = new(pages.Options());
        pages.RefusesCommit = true;
        foreach (nuint size in s_sizes)
        {
            Assert.True(heap.Allocate(HeapTests.Of(size)) == null || size < 4096);
        }

        pages.RefusesCommit = false;
        foreach (nuint size in s_sizes)
        {
            Assert.True(heap.Allocate(HeapTests.Of(size)) != null);
        }

        heap.Dispose();
        Assert.Empty(pages.Live);
    }

    [Fact]
    public void Growing_that_fails_leaves_the_block_as_it_was()
    {
        using CountingPages pages = new();
        Heap heap = new(pages.Options());
        foreach (nuint size in s_sizes)
        {
            Layout layout = HeapTests.Of(size);
            void* block = heap.Allocate(layout);
            Pattern.Fill(block, size, 1);
            pages.FailFrom = pages.Calls;
            Assert.True(heap.Reallocate(block, layout, 50_000_000) == null);
            pages.FailFrom = -1;
            Assert.True(Pattern.Holds(block, size, 1));
        }

        Assert.Equal((nuint)s_sizes.Length, heap.GetStatistics().InUseBlocks);
        heap.Dispose();
        Assert.Empty(pages.Live);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(1 << 17)]
    public void Shrinking_succeeds_where_nothing_can_be_had(int alignment)
    {
        using CountingPages pages = new();
        Heap heap = new(pages.Options());
        foreach (nuint size in s_sizes)
        {
            Layout layout = HeapTests.Of(size, (nuint)alignment);
            void* block = heap.Allocate(layout);
            Pattern.Fill(block, size, 1);
            pages.FailFrom = pages.Calls;
            void* shrunk = heap.Reallocate(block, layout, size / 2);
            Assert.True(shrunk != null && Pattern.Holds(shrunk, size / 2, size, 1));
            Assert.True(heap.TryResize(shrunk, HeapTests.Of(size / 2, (nuint)alignment), size / 3));
            pages.FailFrom = -1;
        }

        heap.Dispose();
    }

    private static int CallsOf(int failAt, int failFrom)
    {
        using CountingPages pages = new() { FailAt = failAt, FailFrom = failFrom };
        HeapOptions options = pages.Options();
        options.DecayMilliseconds = 0;
        if (Heap.TryCreate(options, out Heap heap))
        {
            Scenario(heap);
            heap.Dispose();
        }

        Assert.True(pages.Live.IsEmpty, $"not released after a failure of call {failAt}, from {failFrom}");
        Assert.Equal(0, pages.WrongReleases);
        return pages.Calls;
    }

    private static void Scenario(Heap heap)
    {
        List<(nuint Block, Layout Layout)> blocks = [];
        nuint inUse = 0;
        for (int round = 0; round < 4; round++)
        {
            foreach (nuint size in s_sizes)
            {
                Layout layout = HeapTests.Of(size, round == 3 ? 128u << 10 : 16);
                void* block = round == 2 ? heap.AllocateZeroed(layout) : heap.Allocate(layout);
                if (block != null)
                {
                    Assert.True(round != 2 || Pattern.IsZero(block, size));
                    Pattern.Fill(block, size, (uint)size);
                    blocks.Add(((nuint)block, layout));
                    inUse++;
                }
            }

            inUse -= (nuint)Grow(heap, blocks);
            int half = round == 1 ? blocks.Count / 2 : 0;
            for (int index = 0; index < half; index++)
            {
                heap.Deallocate((void*)blocks[index].Block, blocks[index].Layout);
                inUse--;
            }

            blocks.RemoveRange(0, half);
        }

        foreach ((nuint block, Layout layout) in blocks)
        {
            Assert.True(Pattern.Holds((void*)block, 24, layout.Size, (uint)layout.Size));
        }

        Assert.Equal(inUse, heap.GetStatistics().InUseBlocks);
    }

    /// <summary>Doubles all blocks; frees those that became very large and returns their number.</summary>
    private static int Grow(Heap heap, List<(nuint Block, Layout Layout)> blocks)
    {
        int freed = 0;
        for (int index = 0; index < blocks.Count; index++)
        {
            (nuint block, Layout layout) = blocks[index];
            Layout larger = HeapTests.Of(layout.Size * 2, layout.Alignment);
            void* grown = heap.Reallocate((void*)block, layout, larger.Size);
            if (grown != null && larger.Size < 10_000_000)
            {
                Pattern.Fill(grown, larger.Size, (uint)larger.Size);
                blocks[index] = ((nuint)grown, larger);
            }
            else if (grown != null)
            {
                heap.Deallocate(grown, larger);
                blocks.RemoveAt(index--);
                freed++;
            }
        }

        return freed;
    }
}
