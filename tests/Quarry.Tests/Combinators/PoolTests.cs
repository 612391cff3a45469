using System;
using System.Collections.Generic;
using Xunit;

namespace Quarry.Tests.Combinators;

public sealed unsafe class PoolTests : IDisposable
{
    private static readonly Layout s_block = Layout.Create(48, 16);

    private readonly Limited<SystemHeap> _inner = new(default, 64.MiB());

    public void Dispose() => _inner.Dispose();

    [Fact]
    public void A_block_given_back_is_the_next_one_taken()
    {
        using Pool<Limited<SystemHeap>> pool = new(_inner, s_block);
        void* first = pool.Allocate(s_block);
        void* second = pool.Allocate(s_block);
        pool.Deallocate(first, s_block);
        pool.Deallocate(second, default);
        pool.Deallocate(null, s_block);
        Assert.True(pool.Allocate(s_block) == second);
        Assert.True(pool.Allocate(Layout.Create(1, 1)) == first);
    }

    [Fact]
    public void What_does_not_fit_a_block_is_refused()
    {
        using Pool<Limited<SystemHeap>> pool = new(_inner, Layout.Create(10, 1));
        Assert.Equal<(nuint, nuint)>((16, 8), (pool.Block.Size, pool.Block.Alignment));
        Assert.True(pool.Allocate(Layout.Create(17, 1)) == null);
        Assert.True(pool.Allocate(Layout.Create(1, 16)) == null);
        Assert.Equal((nuint)0, pool.ReservedBytes);
        void* block = pool.Allocate(Layout.Create(10, 1));
        Assert.True(pool.TryResize(block, Layout.Create(10, 1), 16));
        Assert.False(pool.TryResize(block, Layout.Create(10, 1), 17));
        Assert.True(pool.Reallocate(block, Layout.Create(10, 1), 16) == block);
        Assert.True(pool.Reallocate(block, Layout.Create(10, 1), 17) == null);
    }

    [Fact]
    public void Blocks_are_packed_and_chunks_are_few()
    {
        const int Count = 100_000;
        using Pool<Limited<SystemHeap>> pool = new(_inner, s_block);
        HashSet<nuint> blocks = [];
        for (int index = 0; index < Count; index++)
        {
            void* block = pool.Allocate(s_block);
            Assert.True(pool.Owns(block) && (nuint)block % 16 == 0);
            Assert.True(blocks.Add((nuint)block));
        }

        Assert.Equal(pool.ReservedBytes, _inner.UsedBytes);
        Assert.InRange(pool.ReservedBytes, (nuint)Count * 48, (nuint)Count * 48 * 3);
        Assert.False(pool.Owns(&pool));
        Assert.False(pool.Owns(null));
    }

    [Fact]
    public void All_chunks_go_back_at_once()
    {
        Pool<Limited<SystemHeap>> pool = new(_inner, s_block);
        for (int round = 0; round < 3; round++)
        {
            for (int index = 0; index < 1000; index++)
            {
                Assert.True(pool.Allocate(s_block) != null);
            }

            pool.DeallocateAll();
            Assert.Equal<(nuint, nuint)>((0, 0), (pool.ReservedBytes, _inner.UsedBytes));
        }

        Assert.True(pool.Allocate(s_block) != null);
        pool.Dispose();
        pool.Dispose();
        Assert.Equal((nuint)0, _inner.UsedBytes);
        Assert.True(pool.Allocate(s_block) == null);
        Assert.True(pool.Allocate(default) == null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void Chunks_stay_within_the_limit_and_use_most_of_it(int slack)
    {
        nuint limit = 48 + 16 + (nuint)slack;
        using Pool<Limited<SystemHeap>> pool = new(_inner, s_block, limit);
        nuint count = 0;
        while (pool.Allocate(s_block) != null)
        {
            count++;
        }

        Assert.InRange(pool.ReservedBytes, limit / 2, limit);
        Assert.InRange((count + 1) * 48, limit / 2, limit + 48);
    }

    [Fact]
    public void A_chunk_is_smaller_where_the_inner_allocator_has_little()
    {
        using Limited<SystemHeap> tight = new(default, 3000);
        using Pool<Limited<SystemHeap>> pool = new(tight, s_block);
        int count = 0;
        while (pool.Allocate(s_block) != null)
        {
            count++;
        }

        Assert.InRange(count, 55, 62);
    }

    [Fact]
    public void Impossible_pools_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Pool<SystemHeap>(default, Layout.Create(Layout.MaxSize, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Pool<SystemHeap>(default, Layout.Create(1, 1.GiB() * 4)));
        Assert.False(Pool<SystemHeap>.TryCreate(default, Layout.Create(Layout.MaxSize, 1), 1, out _));
    }

    [Fact]
    public void Values_are_rented_and_returned()
    {
        Pool<(long, Guid), Limited<SystemHeap>> pool = new(_inner, 2048);
        (long, Guid)* value = pool.Rent();
        Assert.Equal(default, *value);
        *value = (1, Guid.NewGuid());
        pool.Return(value);
        Assert.True(pool.TryRent(out (long, Guid)* again));
        Assert.True(again == value);
        Assert.Equal(default, *again);
        while (pool.TryRent(out _))
        {
        }

        OutOfMemoryException full = Assert.Throws<OutOfMemoryException>(() => (nuint)pool.Rent());
        Assert.Contains("24 bytes", full.Message, StringComparison.Ordinal);
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => (nuint)pool.Rent());
        Assert.Equal((nuint)0, _inner.UsedBytes);
    }
}
