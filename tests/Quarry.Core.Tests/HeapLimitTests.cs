using System;
using System.Collections.Generic;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

public unsafe class HeapLimitTests
{
    private const nuint Limit = 8 << 20;

    [ThreadStatic]
    private static Stack<nuint>? t_spare;

    [ThreadStatic]
    private static List<(nuint Size, nuint Alignment)>? t_calls;

    [Theory]
    [InlineData(16)]
    [InlineData(1000)]
    [InlineData(60_000)]
    [InlineData(300_000)]
    [InlineData(3_000_000)]
    public void Null_at_the_limit_and_room_again_after_a_free(int size)
    {
        Heap heap = new(new HeapOptions { LimitBytes = Limit, ReserveBytes = 4 << 20 });
        Layout layout = HeapTests.Of((nuint)size);
        Stack<nuint> blocks = Fill(heap, layout);
        HeapStatistics statistics = heap.GetStatistics();
        Assert.InRange(statistics.PeakBytes, Limit / 2, Limit);
        Assert.True(statistics.InUseBytes > Limit / 2);
        for (int index = 0; index < 3; index++)
        {
            heap.Deallocate((void*)blocks.Pop(), layout);
            void* block = heap.Allocate(layout);
            Assert.True(block != null);
            Assert.True(heap.Allocate(layout) == null);
            blocks.Push((nuint)block);
        }

        heap.Dispose();
    }

    [Fact]
    public void A_request_beyond_the_limit_does_not_stand_in_the_way_of_others()
    {
        Heap heap = new(new HeapOptions { LimitBytes = Limit });
        Assert.True(heap.Allocate(HeapTests.Of(Limit + 1)) == null);
        Assert.True(heap.Allocate(HeapTests.Of((nuint)1 << 61)) == null);
        Assert.True(heap.Allocate(HeapTests.Of(Limit / 2)) != null);
        heap.Dispose();
    }

    [Fact]
    public void The_limit_can_be_raised_lowered_and_lifted()
    {
        Heap heap = new(new HeapOptions { LimitBytes = Limit });
        Layout layout = HeapTests.Of(2 * Limit);
        Assert.True(heap.Allocate(layout) == null);
        heap.SetLimit(3 * Limit);
        void* block = heap.Allocate(layout);
        Assert.True(block != null);
        heap.SetLimit(4096);
        Assert.True(heap.Allocate(HeapTests.Of(100_000)) == null);
        heap.Deallocate(block, layout);
        heap.SetLimit(0);
        Assert.True(heap.Allocate(HeapTests.Of(100 * Limit)) != null);
        heap.Dispose();
    }

    [Theory]
    [InlineData(5000, 16)]
    [InlineData(5000, 256)]
    [InlineData(300_000, 16)]
    [InlineData(300_000, 131072)]
    public void The_hook_is_told_what_was_asked_for(int size, int alignment)
    {
        t_calls = [];
        t_spare = [];
        Heap heap = new(new HeapOptions { LimitBytes = Limit, OnExhausted = &FreeSpare });
        Layout layout = HeapTests.Of((nuint)size, (nuint)alignment);
        _ = Fill(heap, layout);
        (nuint toldSize, nuint toldAlignment) = Assert.Single(t_calls);
        Assert.Equal(layout.Alignment, toldAlignment);
        Assert.InRange(toldSize, layout.Size, layout.Size + layout.Alignment - 1);
        heap.Dispose();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(300_000)]
    public void A_hook_that_frees_something_makes_the_request_succeed(int size)
    {
        t_calls = [];
        t_spare = [];
        Heap heap = default;
        heap = new Heap(new HeapOptions
        {
            LimitBytes = Limit,
            OnExhausted = &FreeSpare,
            OnExhaustedState = &heap,
        });
        Layout layout = HeapTests.Of((nuint)size);
        for (int index = 0; index < 4; index++)
        {
            t_spare.Push((nuint)heap.Allocate(HeapTests.Of(1 << 20)));
        }

        _ = Fill(heap, layout);
        Assert.Equal(5, t_calls.Count);
        Assert.Empty(t_spare);
        Assert.True(heap.GetStatistics().InUseBytes > Limit / 4 * 3);
        heap.Dispose();
    }

    [Fact]
    public void Blocks_that_the_hook_takes_itself_are_not_lost()
    {
        t_spare = [];
        Heap heap = default;
        heap = new Heap(new HeapOptions
        {
            LimitBytes = Limit,
            OnExhausted = &FreeOneAndTakeOne,
            OnExhaustedState = &heap,
        });
        Layout small = HeapTests.Of(1000);
        Layout large = HeapTests.Of(1 << 20);
        t_spare.Push((nuint)heap.Allocate(large));
        Stack<nuint> blocks = Fill(heap, small);
        Assert.Equal((nuint)blocks.Count + 1, heap.GetStatistics().InUseBlocks);
        heap.Dispose();
    }

    [Fact]
    public void A_thread_that_comes_at_the_limit_can_free()
    {
        Heap heap = new(new HeapOptions { LimitBytes = Limit });
        Layout layout = HeapTests.Of(1000);
        Stack<nuint> blocks = Fill(heap, layout);
        heap.SetLimit(heap.GetStatistics().UsedBytes);
        for (int index = 0; index < 3; index++)
        {
            Thread thread = new(() => FreeSome(heap, blocks, layout));
            thread.Start();
            thread.Join();
        }

        Assert.Equal((nuint)blocks.Count, heap.GetStatistics().InUseBlocks);
        heap.Dispose();
    }

    private static void FreeSome(Heap heap, Stack<nuint> blocks, Layout layout)
    {
        for (int index = 0; index < 1000; index++)
        {
            heap.Deallocate((void*)blocks.Pop(), layout);
        }

        // Freed blocks wait for company; measuring sends them home.
        _ = heap.GetStatistics();
    }

    private static Stack<nuint> Fill(Heap heap, Layout layout)
    {
        Stack<nuint> blocks = [];
        for (void* block = heap.Allocate(layout); block != null; block = heap.Allocate(layout))
        {
            Pattern.Fill(block, 1, 1);
            blocks.Push((nuint)block);
        }

        return blocks;
    }

    private static bool FreeSpare(void* state, nuint size, nuint alignment)
    {
        t_calls!.Add((size, alignment));
        if (!t_spare!.TryPop(out nuint block))
        {
            return false;
        }

        ((Heap*)state)->Deallocate((void*)block, default);
        return true;
    }

    private static bool FreeOneAndTakeOne(void* state, nuint size, nuint alignment)
    {
        if (!t_spare!.TryPop(out nuint block))
        {
            return false;
        }

        ((Heap*)state)->Deallocate((void*)block, default);
        return ((Heap*)state)->Allocate(HeapTests.Of(size)) != null;
    }
}
