using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Xunit;

namespace Quarry.Tests.Blocks;

public sealed unsafe class ArenaOwnedTests
{
    private readonly List<int> _log = [];

    [Fact]
    public void A_reset_disposes_in_reverse_order_and_once()
    {
        using Arena arena = new();
        for (int number = 1; number <= 3; number++)
        {
            Disposer value = new(_log, number);
            Assert.Same(value, arena.Own(value));
        }

        arena.Reset();
        Assert.Equal([3, 2, 1], _log);
        arena.Reset();
        Assert.Equal([3, 2, 1], _log);
    }

    [Fact]
    public void A_scope_disposes_of_what_was_owned_in_it()
    {
        using (Arena arena = new())
        {
            _ = arena.Own(new Disposer(_log, 1));
            using (arena.Scope())
            {
                _ = arena.Own(new Disposer(_log, 2));
                using (arena.Scope())
                {
                    _ = arena.Own(new Disposer(_log, 3));
                }

                Assert.Equal([3], _log);
                _ = arena.Own(new Disposer(_log, 4));
            }

            Assert.Equal([3, 4, 2], _log);
        }

        Assert.Equal([3, 4, 2, 1], _log);
    }

    [Fact]
    public void A_value_in_the_arena_is_disposed_of_where_it_lies()
    {
        using Arena arena = new();
        int ended = 0;
        Ender* value = arena.New(new Ender { Ended = &ended });
        arena.Own(value);
        arena.DeallocateAll();
        Assert.Equal(1, ended);
    }

    [Fact]
    public void An_owned_object_lives_until_then()
    {
        using Arena arena = new();
        WeakReference reference = OwnOne(arena);
        GC.Collect();
        Assert.True(reference.IsAlive);
        arena.Reset();
        Assert.Equal([1], _log);
        GC.Collect();
        Assert.False(reference.IsAlive);
    }

    [Fact]
    public void If_disposing_fails_the_arena_stays_as_it_is_and_a_second_try_goes_on()
    {
        using Arena arena = new();
        _ = arena.Own(new Disposer(_log, 1));
        _ = arena.Own(new Failer());
        _ = arena.Own(new Disposer(_log, 2));
        Arena copy = arena;
        Assert.Throws<InvalidOperationException>(copy.Reset);
        Assert.Equal([2], _log);
        Assert.NotEqual((nuint)0, arena.UsedBytes);
        arena.Reset();
        Assert.Equal([2, 1], _log);
        Assert.Equal((nuint)0, arena.UsedBytes);
    }

    [Fact]
    public void An_arena_that_is_full_owns_nothing_more_and_keeps_nothing_alive()
    {
        using Arena arena = new(limit: 64);
        Arena copy = arena;
        _ = arena.Own(new Disposer(_log, 1));
        Assert.Throws<OutOfMemoryException>(() => copy.Own(new Disposer(_log, 2)));
        Assert.Throws<ArgumentNullException>(() => copy.Own((IDisposable)null!));
        arena.Dispose();
        Assert.Equal([1], _log);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference OwnOne(Arena arena) => new(arena.Own(new Disposer(_log, 1)));

    private struct Ender : IDisposable
    {
        public int* Ended;

        public readonly void Dispose() => *Ended += 1;
    }

    private sealed class Failer : IDisposable
    {
        public void Dispose() => throw new InvalidOperationException();
    }
}
