using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Tests.Combinators;

/// <summary>
/// The memory of an allocator's state is used again after disposal. An old handle must leave the new state
/// alone.
/// </summary>
public sealed unsafe class DisposedTests : IDisposable
{
    private readonly Limited<SystemHeap> _inner = new(default, 1.MiB());

    public void Dispose() => _inner.Dispose();

    [Fact]
    public void A_disposed_free_list_takes_and_keeps_no_block_of_a_new_one()
    {
        FreeList<Limited<SystemHeap>> old = new(_inner, 32, 64, 4);
        Layout layout = Layout.Create(64, 8);
        void* inUse = old.Allocate(layout);
        old.Dispose();
        foreach (FreeList<Limited<SystemHeap>> list in
            Many(() => new FreeList<Limited<SystemHeap>>(_inner, 1, 256, 4)))
        {
            void* block = list.Allocate(layout);
            list.Deallocate(block, layout);
            Assert.True(old.Allocate(layout) == null);
            old.Trim();
            Assert.True(list.Allocate(layout) == block);
            list.Deallocate(block, layout);
            list.Dispose();
        }

        Assert.Equal((nuint)64, old.UsableSize(inUse, layout));
        old.Deallocate(inUse, layout);
        Assert.Equal((nuint)0, _inner.UsedBytes);
    }

    [Fact]
    public void A_disposed_bucketize_takes_and_keeps_no_block_of_a_new_one()
    {
        Bucketize<Limited<SystemHeap>, PowersOfTwo> old = new(_inner, 16, 1024, 4);
        Layout layout = Layout.Create(100, 8);
        void* inUse = old.Allocate(layout);
        old.Dispose();
        foreach (Bucketize<Limited<SystemHeap>, PowersOfTwo> buckets in
            Many(() => new Bucketize<Limited<SystemHeap>, PowersOfTwo>(_inner, 16, 1024, 4)))
        {
            void* block = buckets.Allocate(layout);
            buckets.Deallocate(block, layout);
            Assert.True(old.Allocate(layout) == null);
            old.Trim();
            Assert.True(buckets.Allocate(layout) == block);
            buckets.Deallocate(block, layout);
            buckets.Dispose();
        }

        Assert.Equal((nuint)128, old.UsableSize(inUse, layout));
        old.Deallocate(inUse, layout);
        Assert.Equal((nuint)0, _inner.UsedBytes);
    }

    [Fact]
    public void A_disposed_pool_serves_no_block_of_a_new_one()
    {
        Layout layout = Layout.Create(48, 16);
        Pool<Limited<SystemHeap>> old = new(_inner, layout);
        void* stale = old.Allocate(layout);
        old.Dispose();
        foreach (Pool<Limited<SystemHeap>> pool in Many(() => new Pool<Limited<SystemHeap>>(_inner, layout)))
        {
            void* block = pool.Allocate(layout);
            Assert.True(old.Allocate(layout) == null);
            Assert.False(old.Owns(block));
            old.Deallocate(stale, layout);
            old.DeallocateAll();
            Assert.True(pool.Owns(block));
            pool.Dispose();
        }
    }

    [Fact]
    public void Disposed_allocators_report_no_figures_of_new_ones()
    {
        Layout layout = Layout.Create(48, 16);
        Pool<SystemHeap> pool = new(default, layout);
        Limited<SystemHeap> limited = new(default, 1000);
        Failing<SystemHeap> failing = new(default);
        pool.Dispose();
        limited.Dispose();
        failing.Dispose();

        // Each of the new ones has counted something.
        List<Pool<SystemHeap>> pools = Many(() => new Pool<SystemHeap>(default, Layout.Create(64, 64)));
        List<Limited<SystemHeap>> limits = Many(() => new Limited<SystemHeap>(default, 500));
        List<Failing<SystemHeap>> failures = Many(() => new Failing<SystemHeap>(default));
        pools.ForEach(other => _ = (nint)other.Allocate(Layout.Create(64, 64)));
        limits.ForEach(other => other.Deallocate(other.Allocate(layout), layout));
        limits.ForEach(other => _ = (nint)other.Allocate(Layout.Create(501, 1)));
        failures.ForEach(other => other.FailAt(0, 0, 0));
        failures.ForEach(other => _ = (nint)other.Allocate(layout));

        Assert.Equal((default, 0u), (pool.Block, pool.ReservedBytes));
        Assert.Equal(0u, pool.UsableSize(null, layout));
        Assert.False(pool.TryResize(null, layout, 1));
        Assert.Equal((0u, 0u, 0u), (limited.UsedBytes, limited.LimitBytes, limited.Refused));
        Assert.Equal((0u, 0u), (failing.Allocations, failing.Failures));
        Assert.Equal((0u, 0u), (failing.Reallocations, failing.Resizes));
        pools.ForEach(other => other.Dispose());
        limits.ForEach(other => other.Dispose());
        failures.ForEach(other => other.Dispose());
    }

    [Fact]
    public void A_disposed_lock_locks_nothing()
    {
        Synchronized<SystemHeap> old = new(default);
        Layout layout = Layout.Create(48, 16);
        void* block = old.Allocate(layout);
        old.Dispose();
        List<Failing<SystemHeap>> others = Many(() => new Failing<SystemHeap>(default));
        Assert.True(old.Allocate(layout) == null);
        Assert.True(old.AllocateZeroed(layout) == null);
        Assert.True(old.Reallocate(block, layout, 100) == null);
        Assert.False(old.TryResize(block, layout, 48));
        old.Deallocate(block, layout);
        others.ForEach(other => Assert.Equal((nuint)0, other.Allocations));
        others.ForEach(other => other.Dispose());
    }

    [Fact]
    public void A_disposed_allocator_that_fails_requests_changes_no_other_one()
    {
        Failing<SystemHeap> old = new(default);
        old.Dispose();
        List<Failing<SystemHeap>> others = Many(() => new Failing<SystemHeap>(default));
        old.FailAt(0, 0, 0);
        Layout layout = Layout.Create(8, 8);
        foreach (Failing<SystemHeap> other in others)
        {
            void* block = other.Allocate(layout);
            Assert.True(block != null);
            other.Deallocate(block, layout);
            other.Dispose();
        }
    }

    /// <summary>Enough new allocators for one of them to have the state of the disposed one.</summary>
    private static List<T> Many<T>(Func<T> create) => [.. Enumerable.Range(0, 4).Select(_ => create())];
}
