using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Tests.Blocks;

public sealed unsafe class ArenaPoolTests
{
    [Fact]
    public void What_is_returned_is_rented_again_with_its_memory_and_without_its_blocks()
    {
        using ArenaPool pool = new();
        Arena arena = pool.Rent();
        arena.AllocateSpan<byte>(10_000).Fill(1);
        pool.Return(arena);
        Assert.Equal(1, pool.IdleCount);
        Arena again = pool.Rent();
        Assert.Equal(0, pool.IdleCount);
        Assert.Equal((nuint)0, again.UsedBytes);
        Assert.Equal(64.KiB(), again.AllocatedBytesWithMetadata);
        again.Dispose();
    }

    [Fact]
    public void The_pool_is_bounded()
    {
        using ArenaPool pool = new(2, new ArenaOptions());
        List<Arena> rented = [pool.Rent(), pool.Rent(), pool.Rent()];
        rented.ForEach(pool.Return);
        Assert.Equal(2, pool.Capacity);
        Assert.Equal(2, pool.IdleCount);
    }

    [Fact]
    public void A_returned_arena_cannot_be_used_nor_returned_again()
    {
        using ArenaPool pool = new();
        Arena arena = pool.Rent();
        pool.Return(arena);
        Arena other = pool.Rent();
        Assert.True(arena.Allocate(Layout.Of<int>()) == null);
        Assert.Throws<ObjectDisposedException>(() => arena.NewRef(1));
        Assert.Throws<ObjectDisposedException>(() => pool.Return(arena));
        Assert.Equal(1, other.NewRef(1));
        pool.Return(other);
    }

    [Fact]
    public void Returning_disposes_of_what_the_arena_owns()
    {
        List<int> log = [];
        using ArenaPool pool = new();
        Arena arena = pool.Rent();
        _ = arena.Own(new Disposer(log, 1));
        pool.Return(arena);
        Assert.Equal([1], log);
    }

    [Fact]
    public void A_disposed_pool_rents_nothing_and_ends_what_comes_back()
    {
        ArenaPool pool = new();
        Arena idle = pool.Rent();
        Arena rented = pool.Rent();
        pool.Return(idle);
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Rent());
        pool.Return(rented);
        Assert.False(rented.IsAlive);
        Assert.Equal(0, pool.IdleCount);
    }

    [Fact]
    public void Many_threads_never_share_an_arena()
    {
        using ArenaPool pool = new(2, new ArenaOptions { FirstChunkBytes = 256, MaxChunkBytes = 4096 });
        int broken = 0;
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, number =>
        {
            Arena arena = pool.Rent();
            Span<int> values = arena.AllocateSpan<int>(100);
            values.Fill(number);
            Thread.SpinWait(number % 64);
            if (values.ContainsAnyExcept(number) || arena.UsedBytes != 400)
            {
                _ = Interlocked.Increment(ref broken);
            }

            pool.Return(arena);
        });
        Assert.Equal(0, broken);
    }

    [Fact]
    public void A_capacity_that_cannot_be_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ArenaPool(0, new ArenaOptions()));
}
