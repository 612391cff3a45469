using System;
using Xunit;

namespace Quarry.Tests.Blocks;

public sealed unsafe class ArenaResetTests
{
    private static ArenaOptions SmallChunks => new() { FirstChunkBytes = 1024, MaxChunkBytes = 8192 };

    [Theory]
    [InlineData(Retention.All, 1024 + 2048 + 4096 + 8192)]
    [InlineData(Retention.Largest, 8192)]
    [InlineData(Retention.None, 0)]
    public void A_reset_keeps_the_chunks_it_is_told_to(Retention retention, int kept)
    {
        using Arena arena = new(SmallChunks);
        Fill(arena, 10_000);
        arena.Reset(retention);
        Assert.Equal((nuint)0, arena.UsedBytes);
        Assert.Equal((nuint)kept, arena.AllocatedBytesWithMetadata);
        Fill(arena, kept / 2);
        Assert.Equal((nuint)Math.Max(kept, 0), arena.AllocatedBytesWithMetadata);
    }

    [Fact]
    public void After_a_reset_that_keeps_nothing_chunks_begin_small_again()
    {
        using Arena arena = new(SmallChunks);
        Fill(arena, 10_000);
        arena.Reset(Retention.None);
        _ = arena.NewRef(1);
        Assert.Equal((nuint)1024, arena.AllocatedBytesWithMetadata);
    }

    [Fact]
    public void A_round_like_the_last_ones_takes_nothing_from_the_source()
    {
        using Arena arena = new(SmallChunks);
        Fill(arena, 20_000);
        arena.Reset();
        nuint held = arena.AllocatedBytesWithMetadata;
        for (int round = 0; round < 50; round++)
        {
            Fill(arena, 20_000);
            arena.Reset();
            Assert.Equal(held, arena.AllocatedBytesWithMetadata);
        }
    }

    [Fact]
    public void A_round_that_needed_far_more_is_forgotten()
    {
        using Arena arena = new(SmallChunks);
        Fill(arena, 1_000_000);
        arena.Reset();
        Assert.InRange(arena.AllocatedBytesWithMetadata, (nuint)1_000_000, (nuint)1_100_000);
        for (int round = 0; round < 60; round++)
        {
            Fill(arena, 1000);
            arena.Reset();
        }

        Assert.InRange(arena.AllocatedBytesWithMetadata, (nuint)1000, (nuint)10_000);
    }

    [Fact]
    public void The_fullest_moment_counts_though_a_scope_gave_it_back()
    {
        using Arena arena = new(SmallChunks);
        using (arena.Scope())
        {
            Fill(arena, 100_000);
        }

        arena.Reset();
        Assert.InRange(arena.AllocatedBytesWithMetadata, (nuint)100_000, (nuint)120_000);
    }

    [Fact]
    public void Rewinding_keeps_what_is_before_and_gives_back_what_is_behind()
    {
        using Arena arena = new(SmallChunks);
        int* before = arena.New(1);
        ArenaMark mark = arena.Mark();
        nuint used = arena.UsedBytes;
        Fill(arena, 50_000);
        nuint held = arena.AllocatedBytesWithMetadata;
        arena.Rewind(mark);
        Assert.Equal(1, *before);
        Assert.Equal(used, arena.UsedBytes);
        Assert.Equal(held, arena.AllocatedBytesWithMetadata);
        Assert.True(arena.New(2) == before + 1);
        Fill(arena, 40_000);
        Assert.Equal(held, arena.AllocatedBytesWithMetadata);
        Assert.Equal(1, *before);
    }

    [Fact]
    public void Rewinding_to_before_the_first_block_leaves_an_empty_arena()
    {
        using Arena arena = new(SmallChunks);
        ArenaMark mark = arena.Mark();
        Fill(arena, 5000);
        arena.Rewind(mark);
        Assert.Equal((nuint)0, arena.UsedBytes);
        Fill(arena, 5000);
        arena.Rewind(mark);
        Assert.Equal((nuint)0, arena.UsedBytes);
    }

    [Fact]
    public void A_mark_of_before_a_reset_or_of_a_chunk_given_back_is_void()
    {
        using Arena arena = new(SmallChunks);
        _ = arena.NewRef(1);
        ArenaMark early = arena.Mark();
        Fill(arena, 5000);
        ArenaMark late = arena.Mark();
        arena.Rewind(early);
        Assert.False(arena.TryRewind(late));
        arena.Reset(Retention.All);
        _ = arena.NewRef(1);
        Assert.False(arena.TryRewind(early));
        Arena copy = arena;
        Assert.Throws<InvalidOperationException>(() => copy.Rewind(early));
        Assert.Equal((nuint)4, arena.UsedBytes);
    }

    [Fact]
    public void A_block_before_the_mark_may_be_given_back_behind_it()
    {
        using Arena arena = new(SmallChunks);
        _ = arena.NewRef(1L);
        void* last = arena.Allocate(Layout.Of<long>());
        ArenaMark mark = arena.Mark();
        arena.Deallocate(last, Layout.Of<long>());
        arena.Rewind(mark);
        Assert.Equal((nuint)8, arena.UsedBytes);
    }

    [Fact]
    public void Scopes_nest_and_end_from_the_inside()
    {
        using Arena arena = new(SmallChunks);
        int* outer = arena.New(0);
        using (arena.Scope())
        {
            int* middle = arena.New(1);
            for (int round = 0; round < 3; round++)
            {
                using (arena.Scope())
                {
                    Fill(arena, 3000);
                }

                Assert.Equal((nuint)8, arena.UsedBytes);
            }

            Assert.Equal(1, *middle);
        }

        Assert.Equal((nuint)4, arena.UsedBytes);
        Assert.Equal(0, *outer);
    }

    [Fact]
    public void Ending_a_scope_twice_gives_back_nothing_more()
    {
        using Arena arena = new();
        ArenaScope scope = arena.Scope();
        _ = arena.NewRef(1);
        scope.Dispose();
        int* kept = arena.New(2);
        scope.Dispose();
        Assert.Equal((nuint)4, arena.UsedBytes);
        Assert.Equal(2, *kept);
    }

    [Fact]
    public void A_scope_whose_arena_was_reset_is_a_mistake_and_one_whose_arena_ended_is_not()
    {
        Arena arena = new();
        Assert.Throws<InvalidOperationException>(() =>
        {
            using (arena.Scope())
            {
                arena.Reset();
            }
        });
        using (arena.Scope())
        {
            arena.Dispose();
        }

        Assert.False(arena.IsAlive);
    }

    [Fact]
    public void A_mark_behind_the_one_that_was_rewound_to_is_void_within_a_chunk_too()
    {
        using Arena arena = new();
        ArenaMark first = arena.Mark();
        _ = arena.New(1);
        ArenaMark second = arena.Mark();
        arena.Rewind(first);
        Assert.False(arena.TryRewind(second));
        int* newer = arena.New(2);
        _ = arena.New(3);
        Assert.False(arena.TryRewind(second));
        Assert.Equal(2, *newer);
        Assert.True(arena.TryRewind(first) && arena.TryRewind(first));
    }

    [Fact]
    public void A_mark_that_nothing_went_below_stays_valid()
    {
        using Arena arena = new();
        ArenaMark first = arena.Mark();
        for (int round = 0; round < 100; round++)
        {
            _ = arena.New(round);
            ArenaMark mark = arena.Mark();
            _ = arena.New(round);
            Assert.True(arena.TryRewind(mark) && arena.TryRewind(mark));
        }

        Assert.Equal((nuint)400, arena.UsedBytes);
        Assert.True(arena.TryRewind(first));
        Assert.Equal((nuint)0, arena.UsedBytes);
    }

    [Fact]
    public void A_scope_that_ends_after_the_one_around_it_is_a_mistake()
    {
        using Arena arena = new();
        ArenaScope outer = arena.Scope();
        ArenaScope inner = arena.Scope();
        _ = arena.New(1);
        outer.Dispose();
        int* newer = arena.New(2);
        try
        {
            inner.Dispose();
            Assert.Fail("The inner scope ended.");
        }
        catch (InvalidOperationException)
        {
        }

        Assert.Equal(2, *newer);
        Assert.Equal((nuint)4, arena.UsedBytes);
    }

    [Fact]
    public void A_mark_of_another_arena_is_void()
    {
        using Arena arena = new();
        using Arena other = new();
        _ = arena.New(1);
        Assert.False(arena.TryRewind(other.Mark()));
        Assert.False(arena.TryRewind(default));
        Assert.Equal((nuint)4, arena.UsedBytes);
    }

    private static void Fill(Arena arena, int bytes)
    {
        for (int taken = 0; taken < bytes; taken += 8)
        {
            *arena.New(0L) = taken;
        }
    }
}
