using System;
using Xunit;

namespace Quarry.Tests.Blocks;

public sealed unsafe class BumpTests
{
    private static readonly Layout s_byte = Layout.Create(1, 1);

    [Fact]
    public void Reserves_a_gibibyte_and_touches_what_is_asked_for()
    {
        using Bump<Local> bump = new();
        Assert.Equal((nuint)Bump<Local>.DefaultSize, bump.CapacityBytes);
        Assert.Equal((nuint)0, bump.UsedBytes);
        Assert.Equal((nuint)0, bump.CommittedBytes);
        byte* block = (byte*)bump.Allocate(Layout.Create(100_000, 8));
        Assert.Equal((nuint)100_000, bump.UsedBytes);
        Assert.InRange(bump.CommittedBytes, (nuint)100_000, 2.MiB());
        Assert.Equal((nuint)0, bump.ResidentBytes);
        block[50_000] = 1;
        Assert.Equal(PageSource.Granularity, bump.ResidentBytes);
    }

    [Fact]
    public void Every_byte_of_the_range_can_be_taken_and_none_behind_it()
    {
        using Bump<Local> local = new(5000);
        using Bump<Shared> shared = new(5000);
        Fill(local, local.CapacityBytes);
        Fill(shared, shared.CapacityBytes);
        Assert.Equal((nuint)8192, shared.CapacityBytes);
        Assert.Equal(shared.CapacityBytes, shared.UsedBytes);

        static void Fill<T>(T bump, nuint capacity) where T : unmanaged, IAllocator
        {
            byte* first = (byte*)bump.Allocate(s_byte);
            for (nuint at = 1; at < capacity; at++)
            {
                byte* block = (byte*)bump.Allocate(s_byte);
                Assert.True(block == first + at);
                *block = (byte)at;
            }

            Assert.True(bump.Allocate(s_byte) == null);
            Assert.True(bump.Allocate(default) == null);
        }
    }

    [Fact]
    public void No_byte_is_wasted_but_the_padding()
    {
        using Bump<Shared> bump = new(64.KiB());
        byte* start = (byte*)bump.Allocate(s_byte);
        Assert.True(bump.Allocate(Layout.Of<long>()) == start + 8);
        Assert.True(bump.Allocate(Layout.Of<long>()) == start + 16);
        Assert.True(bump.Allocate(s_byte) == start + 24);
        Assert.True(bump.Allocate(Layout.Create(64, 64)) == start + 64);
        Assert.True(bump.Allocate(Layout.Create(4096, 4096)) == start + 4096);
        Assert.Equal((nuint)8192, bump.UsedBytes);
    }

    [Fact]
    public void A_request_that_fails_costs_nothing_and_smaller_ones_are_served()
    {
        using Bump<Shared> bump = new(4096);
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(bump.Allocate(Layout.Create(Layout.MaxSize, 1)) == null);
            Assert.True(bump.Allocate(Layout.Create(4097, 1)) == null);
            Assert.True(bump.Allocate(Layout.Create(1, (nuint)1 << 62)) == null);
        }

        Assert.Equal((nuint)0, bump.UsedBytes);
        Assert.True(bump.Allocate(Layout.Create(4096, 1)) != null);
    }

    [Fact]
    public void The_last_block_grows_in_place_across_what_is_committed()
    {
        using Bump<Local> local = new(64.MiB());
        using Bump<Shared> shared = new(64.MiB());
        Grow(local);
        Grow(shared);
        Assert.Equal(local.UsedBytes, shared.UsedBytes);

        static void Grow<T>(T bump) where T : unmanaged, IAllocator
        {
            Layout layout = Layout.Of<int>();
            int* first = (int*)bump.Allocate(layout);
            int* block = (int*)bump.Allocate(layout);
            *block = 42;
            Assert.False(bump.TryResize(first, layout, 8));
            Assert.False(bump.TryResize(block, layout, nuint.MaxValue));
            Assert.False(bump.TryResize(block, layout, 64.MiB()));
            Assert.True(bump.TryResize(block, layout, 64.MiB() - 4));
            ((byte*)block)[64.MiB() - 5] = 1;
            Assert.True(bump.Reallocate(block, Layout.Create(64.MiB() - 4, 4), 8) == block);
            Assert.Equal(42, *block);
            int* moved = (int*)bump.Reallocate(first, layout, 8);
            Assert.True(moved == block + 2);
        }
    }

    [Fact]
    public void Only_the_last_block_is_used_again()
    {
        using Bump<Shared> bump = new(4096);
        void* first = bump.Allocate(Layout.Of<long>());
        void* second = bump.Allocate(Layout.Of<long>());
        bump.Deallocate(first, Layout.Of<long>());
        Assert.Equal((nuint)16, bump.UsedBytes);
        bump.Deallocate(second, Layout.Of<long>());
        bump.Deallocate(null, Layout.Of<long>());
        Assert.True(bump.Allocate(Layout.Of<int>()) == second);
    }

    [Fact]
    public void Zeroed_blocks_are_zero_after_giving_back_and_after_a_reset()
    {
        using Bump<Local> bump = new(1.MiB());
        Layout layout = Layout.Create(10_000, 1);
        for (int round = 0; round < 3; round++)
        {
            byte* block = (byte*)bump.Allocate(layout);
            new Span<byte>(block, 10_000).Fill(0xff);
            bump.Deallocate(block, layout);
            Assert.True(bump.AllocateZeroed(layout) == block);
            Assert.Equal(-1, new Span<byte>(block, 10_000).IndexOfAnyExcept((byte)0));
            new Span<byte>(block, 10_000).Fill(0xff);
            bump.Reset((nuint)round * 4096);
            Assert.True(bump.AllocateZeroed(layout) == block);
            Assert.Equal(-1, new Span<byte>(block, 10_000).IndexOfAnyExcept((byte)0));
            bump.DeallocateAll();
        }
    }

    [Fact]
    public void A_reset_keeps_as_much_memory_as_it_is_told()
    {
        using Bump<Local> bump = new(16.MiB());
        Layout layout = Layout.Create(1.MiB(), 1);
        new Span<byte>(bump.Allocate(layout), 1 << 20).Fill(1);
        bump.Reset();
        Assert.Equal(1.MiB(), bump.ResidentBytes);
        bump.Reset(64.KiB());
        Assert.Equal(64.KiB(), bump.ResidentBytes);
        bump.Reset(0);
        Assert.Equal((nuint)0, bump.ResidentBytes);
        Assert.Equal((nuint)0, bump.UsedBytes);
    }

    [Fact]
    public void A_large_range_is_committed_step_by_step_to_its_end()
    {
        using Bump<Local> bump = new(64.MiB());
        for (nuint taken = 0; taken < bump.CapacityBytes; taken += 4096)
        {
            Assert.True(bump.Allocate(Layout.Create(4096, 4096)) != null);
            Assert.Equal((nuint)0, bump.CommittedBytes % PageSource.Granularity);
        }

        Assert.Equal(bump.CapacityBytes, bump.CommittedBytes);
    }

    [Fact]
    public void Owns_what_was_handed_out()
    {
        using Bump<Shared> bump = new(4096);
        byte* block = (byte*)bump.Allocate(Layout.Create(100, 1));
        Assert.True(bump.Owns(block));
        Assert.True(bump.Owns(block + 99));
        Assert.False(bump.Owns(block + 100));
        Assert.False(bump.Owns(&block));
        bump.Reset();
        Assert.False(bump.Owns(block));
    }

    [Fact]
    public void Works_over_a_range_of_the_callers()
    {
        byte* memory = stackalloc byte[3 * (int)PageSource.Granularity];
        FixedPageSource range = new(memory, 3 * PageSource.Granularity);
        nuint size = 2 * PageSource.Granularity;
        using (Bump<Shared> bump = new(size, PageSource.Of(&range)))
        {
            byte* block = (byte*)bump.Allocate(Layout.Create(size, 1));
            Assert.True(block >= memory && block + size <= memory + (3 * PageSource.Granularity));
            Assert.False(Bump<Shared>.TryCreate(size, PageSource.Of(&range), out _));
        }

        Assert.True(Bump<Shared>.TryCreate(size, PageSource.Of(&range), out Bump<Shared> next));
        next.Dispose();
    }

    [Fact]
    public void Where_the_usual_size_cannot_be_had_half_of_it_is_tried_until_it_can()
    {
        byte* memory = stackalloc byte[48 << 10];
        FixedPageSource range = new(memory, 48 << 10);
        Assert.True(Bump<Local>.TryCreate(PageSource.Of(&range), out Bump<Local> bump));
        Assert.Equal(32.KiB(), bump.CapacityBytes);
        Assert.False(Bump<Local>.TryCreate(PageSource.Of(&range), out _));
        bump.Dispose();
    }

    [Fact]
    public void Disposing_twice_is_harmless_and_what_is_disposed_serves_nothing()
    {
        Bump<Shared> bump = new(4096);
        Bump<Shared> copy = bump;
        void* block = bump.Allocate(Layout.Of<long>());
        Assert.True(copy.IsAlive);
        bump.Dispose();
        copy.Dispose();
        Assert.False(copy.IsAlive);
        Assert.True(copy.Allocate(Layout.Of<long>()) == null);
        Assert.True(copy.AllocateZeroed(Layout.Of<long>()) == null);
        Assert.False(copy.TryResize(block, Layout.Of<long>(), 16));
        Assert.False(copy.Owns(block));
        Assert.Equal((nuint)0, copy.UsedBytes + copy.CommittedBytes);
        Assert.Equal((nuint)0, copy.ResidentBytes + copy.CapacityBytes);
        copy.Deallocate(block, Layout.Of<long>());
        copy.Reset();
    }

    [Fact]
    public void Sizes_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Bump<Local>(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Bump<Local>(nuint.MaxValue));
        OutOfMemoryException failure =
            Assert.Throws<OutOfMemoryException>(() => new Bump<Local>(Layout.MaxSize / 2));
        Assert.Contains($"{Layout.MaxSize / 2} bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Traits_tell_the_threading()
    {
        Assert.True(Bump<Shared>.Traits.HasFlag(AllocatorTraits.ThreadSafe));
        Assert.False(Bump<Local>.Traits.HasFlag(AllocatorTraits.ThreadSafe));
    }
}
