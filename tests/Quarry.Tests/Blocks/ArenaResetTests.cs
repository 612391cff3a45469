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
        _ = arena.New(1);
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
        int* before = arena.NewPointer(1);
        ArenaMark mark = arena.Mark();
        nuint used = arena.UsedBytes;
        Fill(arena, 50_000);
        nuint held = arena.AllocatedBytesWithMetadata;
        arena.Rewind(mark);
        Assert.Equal(1, *before);
        Assert.Equal(used, arena.UsedBytes);
        Assert.Equal(held, arena.AllocatedBytesWithMetadata);
        Assert.True(arena.NewPointer(2) == before + 1);
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
        _ = arena.New(1);
        ArenaMark early = arena.Mark();
        Fill(arena, 5000);
        ArenaMark late = arena.Mark();
        arena.Rewind(early);
        Assert.False(arena.TryRewind(late));
        arena.Reset(Retention.All);
        _ = arena.New(1);
        Assert.False(arena.TryRewind(early));
        Arena copy = arena;
        Assert.Throws<InvalidOperationException>(() => copy.Rewind(early));
        Assert.Equal((nuint)4, arena.UsedBytes);
    }

    [Fact]
    public void A_block_before_the_mark_may_be_given_back_behind_it()
    {
        using Arena arena = new(SmallChunks);
        _ = arena.New(1L);
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
        int* outer = arena.NewPointer(0);
        using (arena.Scope())
        {
            int* middle = arena.NewPointer(1);
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
        _ = arena.New(1);
        scope.Dispose();
        int* kept = arena.NewPointer(2);
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

    private static void Fill(Arena arena, int bytes)
    {
        for (int taken = 0; taken < bytes; taken += 8)
        {
            *arena.NewPointer(0L) = taken;
        }
    }
}
