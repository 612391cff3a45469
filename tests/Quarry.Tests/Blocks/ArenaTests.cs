using System;
using System.Collections.Generic;
using Xunit;

namespace Quarry.Tests.Blocks;

public sealed unsafe class ArenaTests
{
    private static ArenaOptions SmallChunks => new() { FirstChunkBytes = 256, MaxChunkBytes = 1024 };

    [Fact]
    public void An_arena_takes_nothing_before_the_first_block()
    {
        using Arena arena = new();
        Assert.True(arena.IsAlive);
        Assert.Equal((nuint)0, arena.UsedBytes);
        Assert.Equal((nuint)0, arena.AllocatedBytesWithMetadata);
        _ = arena.NewRef(1);
        Assert.Equal((nuint)4, arena.UsedBytes);
        Assert.Equal(64.KiB(), arena.AllocatedBytesWithMetadata);
        Assert.Equal(64.KiB() - 24, arena.AllocatedBytes);
    }

    [Fact]
    public void Chunks_double_up_to_the_largest_and_are_listed_newest_first()
    {
        using Arena arena = new(SmallChunks);
        for (int i = 0; i < 400; i++)
        {
            _ = arena.NewRef((long)i);
        }

        List<nuint> sizes = [];
        nuint used = 0;
        foreach (ArenaChunkInfo chunk in arena.Chunks)
        {
            sizes.Add(chunk.CapacityBytes + 24);
            used += chunk.UsedBytes;
        }

        Assert.Equal([1024, 1024, 1024, 512, 256], sizes);
        Assert.Equal((nuint)3200, used);
        Assert.Equal((nuint)3200, arena.UsedBytes);
        Assert.Equal((nuint)3840, arena.AllocatedBytesWithMetadata);
        Assert.Equal((nuint)3840 - (5 * 24), arena.AllocatedBytes);
    }

    [Fact]
    public void Blocks_keep_their_contents_while_the_arena_grows()
    {
        using Arena arena = new(SmallChunks);
        List<nuint> blocks = [];
        for (int i = 0; i < 10_000; i++)
        {
            blocks.Add((nuint)arena.New((long)i));
        }

        for (int i = 0; i < blocks.Count; i++)
        {
            Assert.Equal(i, *(long*)blocks[i]);
            Assert.True(arena.Owns((void*)blocks[i]));
        }

        int elsewhere;
        Assert.False(arena.Owns(&elsewhere));
    }

    [Fact]
    public void A_block_larger_than_a_chunk_gets_one_of_its_size()
    {
        using Arena arena = new(SmallChunks);
        Span<byte> large = arena.AllocateSpan<byte>(1 << 20);
        large.Fill(1);
        Assert.InRange(arena.AllocatedBytesWithMetadata, 1.MiB(), 1.MiB() + 8192);
    }

    [Fact]
    public void Nothing_is_wasted_but_the_padding()
    {
        using Arena arena = new();
        byte* first = arena.New((byte)1);
        Assert.True(arena.New((byte)2) == first + 1);
        Assert.True(arena.New((short)3) == first + 2);
        Assert.True(arena.New(4) == first + 4);
        Assert.True(arena.New(5L) == first + 8);
        Assert.True(arena.Allocate(Layout.Create(1, 64)) == first + (64 - ((nuint)first % 64)));
    }

    [Fact]
    public void The_limit_makes_exhaustion_null_and_counts_every_chunk()
    {
        using Arena arena = new(limit: 100_000);
        while (arena.TryNew(7L, out _))
        {
            Assert.InRange(arena.AllocatedBytesWithMetadata, (nuint)1, (nuint)100_000);
        }

        Assert.InRange(arena.UsedBytes, (nuint)99_900, (nuint)100_000);
        Assert.True(arena.Allocate(Layout.Create(1.GiB(), 1)) == null);
        OutOfMemoryException failure = Assert.Throws<OutOfMemoryException>(() => arena.NewRef(1L));
        Assert.Contains("8 bytes", failure.Message, StringComparison.Ordinal);
        Assert.False(arena.TryAllocateSpan(100, out Span<long> span));
        Assert.True(span.IsEmpty);
        arena.Reset();
        Assert.Equal(1, arena.NewRef(1L));
    }

    [Fact]
    public void Chunks_that_are_too_small_make_room_for_one_that_is_large_enough()
    {
        using Arena arena = new(new ArenaOptions { LimitBytes = 4096, FirstChunkBytes = 256 });
        for (int i = 0; i < 300; i++)
        {
            _ = arena.NewRef(1L);
        }

        arena.Reset(Retention.All);
        Assert.True(arena.Allocate(Layout.Create(4000, 8)) != null);
        Assert.InRange(arena.AllocatedBytesWithMetadata, (nuint)4000, (nuint)4096);
    }

    [Fact]
    public void A_source_with_little_left_is_used_to_the_end()
    {
        byte* memory = stackalloc byte[1000];
        FixedBuffer buffer = new(memory, 1000);
        using Arena arena = Arena.Over(buffer, new ArenaOptions { FirstChunkBytes = 4096 });
        Assert.True(arena.Allocate(Layout.Create(400, 8)) != null);
        Assert.True(arena.Allocate(Layout.Create(200, 8)) != null);
        Assert.True(arena.Allocate(Layout.Create(1000, 8)) == null);
        Assert.True(buffer.Owns(arena.New(1)));
    }

    [Fact]
    public void Every_chunk_goes_back_where_it_came_from()
    {
        byte* memory = stackalloc byte[4096];
        FixedBuffer buffer = new(memory, 4096);
        Arena arena = Arena.Over(buffer, new ArenaOptions { FirstChunkBytes = 512, MaxChunkBytes = 512 });
        _ = arena.NewRef(1);
        Assert.Equal((nuint)512, buffer.UsedBytes & ~(nuint)15);
        arena.Dispose();
        Assert.InRange(buffer.UsedBytes, (nuint)0, (nuint)15);
    }

    [Fact]
    public void An_alignment_of_its_own_holds_for_every_block()
    {
        using Arena arena = new(new ArenaOptions { MinAlignment = 64 });
        for (int i = 0; i < 5000; i++)
        {
            Assert.Equal((nuint)0, (nuint)arena.New((byte)i) % 64);
        }

        Assert.Equal((nuint)0, (nuint)arena.Allocate(Layout.Create(8, 256)) % 256);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void The_last_block_grows_and_shrinks_in_place(int minAlignment)
    {
        using Arena arena = new(new ArenaOptions { MinAlignment = (nuint)minAlignment });
        Layout layout = Layout.Of<long>();
        void* first = arena.Allocate(layout);
        void* last = arena.Allocate(layout);
        Assert.False(arena.TryResize(first, layout, 16));
        Assert.True(arena.TryResize(last, layout, 1000));
        Assert.False(arena.TryResize(last, Layout.Create(1000, 8), 64.KiB()));
        Assert.False(arena.TryResize(last, Layout.Create(1000, 8), nuint.MaxValue));
        Assert.True(arena.TryResize(last, Layout.Create(1000, 8), 1));
        Assert.True(arena.Allocate(Layout.Create(1, 1)) == (byte*)last + minAlignment);
        arena.Deallocate((byte*)last + minAlignment, Layout.Create(1, 1));
        Assert.True(arena.Allocate(Layout.Create(1, 1)) == (byte*)last + minAlignment);
    }

    [Fact]
    public void A_copy_is_the_same_arena()
    {
        using Arena arena = new();
        Arena copy = arena;
        int* first = arena.New(1);
        Assert.True(copy.New(2) == first + 1);
        copy.Reset();
        Assert.Equal((nuint)0, arena.UsedBytes);
    }

    [Fact]
    public void What_is_disposed_serves_nothing_and_says_so()
    {
        Arena arena = new();
        Arena copy = arena;
        int* block = arena.New(1);
        ArenaMark mark = arena.Mark();
        arena.Dispose();
        copy.Dispose();
        Assert.False(copy.IsAlive);
        Assert.True(copy.Allocate(Layout.Of<int>()) == null);
        Assert.True(copy.Reallocate(null, Layout.Of<int>(), 8) == null);
        Assert.False(copy.TryResize(block, Layout.Of<int>(), 8));
        Assert.False(copy.Owns(block));
        Assert.False(copy.TryRewind(mark));
        Assert.False(copy.TryNew(1, out _));
        Assert.Equal((nuint)0, copy.UsedBytes);
        copy.Reset();
        copy.DeallocateAll();
        copy.Deallocate(block, Layout.Of<int>());
        Assert.Throws<ObjectDisposedException>(() => copy.NewRef(1));
        Assert.Throws<ObjectDisposedException>(() => copy.AllocateString("text"));
        Assert.Throws<ObjectDisposedException>(() => copy.Own(new Disposer([], 1)));
        Assert.Throws<ObjectDisposedException>(() => { _ = copy.Scope(); });
        Assert.Throws<ObjectDisposedException>(() => copy.Rewind(mark));
        Assert.Throws<ObjectDisposedException>(() => { _ = copy.Chunks; });
    }

    [Fact]
    public void The_default_value_is_no_arena_and_disposing_of_it_does_no_harm()
    {
        Arena arena = default;
        Assert.False(arena.IsAlive);
        Assert.Contains("never created", Assert.Throws<InvalidOperationException>(
            () => { _ = arena.Scope(); }).Message, StringComparison.Ordinal);
        arena.Reset();
        arena.Dispose();
    }

    [Fact]
    public void Zero_stands_for_the_default_of_an_option_and_for_no_limit()
    {
        using Arena arena = new(default(ArenaOptions));
        _ = arena.AllocateSpan<byte>(20 << 20);
        using Arena unlimited = new(limit: 0);
        _ = unlimited.AllocateSpan<byte>(1000);
        Assert.Equal((nuint)(64 << 10), unlimited.AllocatedBytesWithMetadata);
        using Pool<Arena> pool = new(arena, Layout.Create(16, 8), limit: 0);
        Assert.True(pool.Allocate(Layout.Create(16, 8)) != null);
        using Heap heap = new(default);
        Assert.True(heap.Allocate(Layout.Create(16, 8)) != null);
    }

    [Fact]
    public void Options_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Arena(new ArenaOptions { MinAlignment = 3 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Arena(new ArenaOptions { MinAlignment = 8192 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Arena(new ArenaOptions { FirstChunkBytes = 63 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Arena(new ArenaOptions { MaxChunkBytes = 100 }));
        Assert.False(Arena.TryCreate(new ArenaOptions { MinAlignment = 3 }, out _));
    }
}
