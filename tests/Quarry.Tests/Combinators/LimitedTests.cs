using System;
using System.Collections.Generic;
using System.Threading;
using Xunit;

namespace Quarry.Tests.Combinators;

public sealed unsafe class LimitedTests
{
    private static readonly Layout s_block = Layout.Create(100, 8);

    [Fact]
    public void The_budget_is_exact()
    {
        using Limited<SystemHeap> limited = new(default, 250);
        void* first = limited.Allocate(s_block);
        void* second = limited.AllocateZeroed(s_block);
        Assert.True(limited.Allocate(s_block) == null);
        Assert.True(limited.AllocateZeroed(Layout.Create(51, 1)) == null);
        Assert.Equal<(nuint, nuint, nuint)>(
            (200, 250, 2), (limited.UsedBytes, limited.LimitBytes, limited.Refused));
        void* rest = limited.Allocate(Layout.Create(50, 1));
        Assert.True(rest != null);
        Assert.True(limited.Allocate(default) != null);
        Assert.True(limited.Reallocate(first, s_block, 101) == null);
        Assert.Equal<(nuint, nuint)>((250, 3), (limited.UsedBytes, limited.Refused));
        first = limited.Reallocate(first, s_block, 60);
        first = limited.Reallocate(first, Layout.Create(60, 8), 100);
        Assert.Equal((nuint)250, limited.UsedBytes);
        limited.Deallocate(first, s_block);
        limited.Deallocate(second, s_block);
        limited.Deallocate(null, s_block);
        limited.Deallocate(rest, Layout.Create(50, 1));
        Assert.Equal((nuint)0, limited.UsedBytes);
    }

    [Fact]
    public void A_request_beyond_all_limits_is_refused_without_a_trace()
    {
        using Limited<SystemHeap> limited = new(default, nuint.MaxValue);
        void* block = limited.Allocate(s_block);
        Assert.True(limited.Allocate(Layout.Create(Layout.MaxSize, 1)) == null);
        Assert.True(limited.Reallocate(block, s_block, Layout.MaxSize - 7) == null);
        Assert.True(limited.Reallocate(block, s_block, nuint.MaxValue) == null);
        Assert.False(limited.TryResize(block, s_block, nuint.MaxValue));
        Assert.Equal<(nuint, nuint)>((100, 0), (limited.UsedBytes, limited.Refused));
        limited.Deallocate(block, s_block);
    }

    [Fact]
    public void The_callback_makes_room_and_has_it_tried_again()
    {
        Queue<nuint> blocks = new();
        List<nuint> asked = [];
        Limited<SystemHeap> limited = default;
        limited = new(default, 1000, layout =>
        {
            asked.Add(layout.Size);
            bool found = blocks.TryDequeue(out nuint oldest);
            limited.Deallocate((void*)oldest, s_block);
            return found;
        });
        for (int index = 0; index < 25; index++)
        {
            void* block = limited.Allocate(s_block);
            Assert.True(block != null);
            blocks.Enqueue((nuint)block);
        }

        Assert.Equal<(nuint, nuint)>((1000, 0), (limited.UsedBytes, limited.Refused));
        Assert.Equal(15, asked.Count);

        // More than there is: everything goes, and then the answer is no.
        Assert.True(limited.Allocate(Layout.Create(1001, 1)) == null);
        Assert.Equal<(nuint, nuint)>((0, 1), (limited.UsedBytes, limited.Refused));
        Assert.Equal(15 + 11, asked.Count);
        limited.Dispose();
    }

    [Fact]
    public void What_the_callback_throws_leaves_the_books_right()
    {
        using Limited<SystemHeap> limited = new(
            default, 150, layout => throw new InvalidOperationException("full"));
        void* block = limited.Allocate(s_block);
        Assert.Throws<InvalidOperationException>(() => (nuint)limited.Allocate(s_block));
        Assert.Throws<InvalidOperationException>(() => (nuint)limited.Reallocate(block, s_block, 151));
        Assert.Equal((nuint)100, limited.UsedBytes);
        limited.Deallocate(block, s_block);
        Assert.Equal((nuint)0, limited.UsedBytes);
    }

    [Fact]
    public void A_heap_that_knows_sizes_is_charged_what_it_hands_out()
    {
        Heap heap = new();
        using Limited<Heap> limited = new(heap, 1.MiB());
        void* block = limited.Allocate(Layout.Create(1000, 8));
        Assert.Equal(heap.UsableSize(block, default), limited.UsedBytes);
        block = limited.Reallocate(block, default, 70_000);
        Assert.Equal(heap.UsableSize(block, default), limited.UsedBytes);
        _ = limited.TryResize(block, Layout.Create(70_000, 8), 200_000);
        Assert.Equal(heap.UsableSize(block, default), limited.UsedBytes);
        limited.Deallocate(block, default);
        Assert.Equal((nuint)0, limited.UsedBytes);

        // What rounding adds counts before it is handed out.
        using Limited<Heap> tight = new(heap, 1001);
        Assert.True(heap.UsableSize(heap.Allocate(Layout.Create(1001, 8)), default) > 1001);
        Assert.True(tight.Allocate(Layout.Create(1001, 8)) == null);
        Assert.Equal<(nuint, nuint)>((0, 1), (tight.UsedBytes, tight.Refused));
        heap.Dispose();
    }

    [Fact]
    public void The_books_balance_under_four_threads()
    {
        const int Threads = 4, Rounds = 20_000;
        nuint limit = 64.KiB();
        Heap heap = new();
        using Limited<Heap> limited = new(heap, limit);
        ulong failed = 0;
        bool exceeded = false;
        Thread[] threads = new Thread[Threads];
        for (int index = 0; index < Threads; index++)
        {
            int seed = index;
            threads[index] = new Thread(() => Interlocked.Add(ref failed, Churn(seed)));
            threads[index].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.False(exceeded);
        Assert.Equal((nuint)0, limited.UsedBytes);
        Assert.Equal(failed, (ulong)limited.Refused);
        heap.Dispose();

        ulong Churn(int seed)
        {
            const int Held = 8;
            Random random = new(seed);
            nint* blocks = stackalloc nint[Held];
            nuint* sizes = stackalloc nuint[Held];
            ulong nulls = 0;
            for (int round = 0; round < Rounds + Held; round++)
            {
                int slot = round % Held;
                limited.Deallocate((void*)blocks[slot], Layout.Create(sizes[slot], 8));
                sizes[slot] = (nuint)random.Next(1, 4000);
                blocks[slot] = round >= Rounds ? 0 : (nint)limited.Allocate(Layout.Create(sizes[slot], 8));
                nulls += round < Rounds && blocks[slot] == 0 ? 1u : 0;
                exceeded |= limited.UsedBytes > limit;
            }

            return nulls;
        }
    }

    [Fact]
    public void A_disposed_one_serves_no_more_and_takes_blocks_back()
    {
        Limited<SystemHeap> limited = new(default, 1000, layout => true);
        void* block = limited.Allocate(s_block);
        limited.Dispose();
        limited.Dispose();
        using Limited<SystemHeap> next = new(default, 1000);
        Assert.True(limited.Allocate(s_block) == null);
        Assert.True(limited.AllocateZeroed(default) == null);
        limited.Deallocate(block, s_block);
        Assert.Equal((nuint)0, next.UsedBytes);
    }

    [Fact]
    public void No_budget_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Limited<SystemHeap>(default, 0));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Limited<SystemHeap>(default, 0, layout => false));
        Assert.Throws<ArgumentNullException>(
            () => new Limited<SystemHeap>(default, 1, (Func<Layout, bool>)null!));
        Assert.False(Limited<SystemHeap>.TryCreate(default, 0, default, out _));
    }
}
