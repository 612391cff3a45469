using System;
using Xunit;

namespace Quarry.Tests.Combinators;

public sealed unsafe class FreeListTests : IDisposable
{
    private readonly Limited<SystemHeap> _inner = new(default, 1.MiB());

    public void Dispose() => _inner.Dispose();

    [Fact]
    public void A_freed_block_serves_the_whole_range()
    {
        using FreeList<Limited<SystemHeap>> list = new(_inner, 32, 64, 4);
        void* block = list.Allocate(Layout.Create(32, 8));
        Assert.Equal((nuint)64, _inner.UsedBytes);
        list.Deallocate(block, Layout.Create(32, 8));
        Assert.True(list.Allocate(Layout.Create(64, 16)) == block);
        Assert.Equal((nuint)64, list.UsableSize(block, Layout.Create(40, 8)));
        Assert.True(list.TryResize(block, Layout.Create(64, 16), 33));
        Assert.True(list.Reallocate(block, Layout.Create(33, 16), 50) == block);
        list.Deallocate(block, Layout.Create(50, 16));
        Assert.Equal((nuint)64, _inner.UsedBytes);
    }

    [Fact]
    public void Zeroed_is_zeroed_also_from_the_list()
    {
        using FreeList<Limited<SystemHeap>> list = new(_inner, 32, 64, 4);
        Layout layout = Layout.Create(48, 8);
        void* block = list.Allocate(layout);
        new Span<byte>(block, 48).Fill(0xFF);
        list.Deallocate(block, layout);
        void* zeroed = list.AllocateZeroed(layout);
        Assert.True(zeroed == block);
        Assert.False(new Span<byte>(zeroed, 48).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void No_more_than_so_many_are_kept()
    {
        FreeList<Limited<SystemHeap>> list = new(_inner, 100, 100, 2);
        Layout layout = Layout.Create(100, 1);
        nuint* blocks = stackalloc nuint[3];
        for (int index = 0; index < 3; index++)
        {
            blocks[index] = (nuint)list.Allocate(layout);
        }

        for (int index = 0; index < 3; index++)
        {
            list.Deallocate((void*)blocks[index], layout);
        }

        Assert.Equal((nuint)200, _inner.UsedBytes);
        list.Trim();
        Assert.Equal((nuint)0, _inner.UsedBytes);

        void* inUse = list.Allocate(layout);
        list.Deallocate(list.Allocate(layout), layout);
        Assert.Equal((nuint)200, _inner.UsedBytes);
        list.Dispose();
        list.Dispose();
        Assert.Equal((nuint)100, _inner.UsedBytes);
        Assert.True(list.Allocate(layout) == null);
        Assert.True(list.AllocateZeroed(Layout.Create(1, 1)) == null);
        list.Deallocate(inUse, layout);
        Assert.Equal((nuint)0, _inner.UsedBytes);
    }

    [Fact]
    public void What_is_outside_the_range_goes_to_the_inner_allocator()
    {
        using FreeList<Limited<SystemHeap>> list = new(_inner, 32, 64, 4);
        foreach (Layout layout in new[] { Layout.Create(31, 1), Layout.Create(65, 1), Layout.Create(48, 32) })
        {
            void* block = list.Allocate(layout);
            Assert.Equal(layout.Size, _inner.UsedBytes);
            list.Deallocate(block, layout);
            Assert.Equal((nuint)0, _inner.UsedBytes);
        }
    }

    [Fact]
    public void A_block_that_shrinks_into_the_range_moves_into_it()
    {
        using FreeList<Limited<SystemHeap>> list = new(_inner, 32, 64, 4);
        Layout large = Layout.Create(1000, 8), kept = Layout.Create(40, 8);
        byte* block = (byte*)list.Allocate(large);
        new Span<byte>(block, 40).Fill(5);
        Assert.False(list.TryResize(block, large, 40));
        block = (byte*)list.Reallocate(block, large, 40);
        Assert.Equal((nuint)64, _inner.UsedBytes);
        Assert.Equal(40, new Span<byte>(block, 40).Count((byte)5));
        block = (byte*)list.Reallocate(block, kept, 1000);
        Assert.Equal(40, new Span<byte>(block, 40).Count((byte)5));
        Assert.Equal((nuint)1064, _inner.UsedBytes);
        list.Deallocate(block, large);
    }

    [Fact]
    public void Impossible_ranges_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FreeList<SystemHeap>(default, 65, 64, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FreeList<SystemHeap>(default, 1, 64, -1));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new FreeList<SystemHeap>(default, 1, Layout.MaxSize, 1));
        Assert.False(FreeList<SystemHeap>.TryCreate(default, 65, 64, 1, out _));
        Assert.False(FreeList<SystemHeap>.TryCreate(default, 1, nuint.MaxValue, 1, out _));
    }

    [Fact]
    public void Each_bucket_keeps_its_own()
    {
        using Bucketize<Limited<SystemHeap>, PowersOfTwo> buckets = new(_inner, 16, 1024, 2);
        nuint total = 0;
        for (nuint size = 16; size <= 1024; size *= 2)
        {
            Layout odd = Layout.Create((size / 2) + 1, 1), full = Layout.Create(size, 16);
            void* block = buckets.Allocate(odd);
            buckets.Deallocate(block, odd);
            total += size;
            Assert.Equal(total, _inner.UsedBytes);
            Assert.True(buckets.Allocate(full) == block);
            Assert.Equal(size, buckets.UsableSize(block, odd));
            Assert.True(buckets.TryResize(block, odd, size));
            Assert.False(buckets.TryResize(block, odd, size + 1));
            buckets.Deallocate(block, full);
        }

        Assert.Equal(total, _inner.UsedBytes);
        void* tiny = buckets.Allocate(Layout.Create(0, 1));
        Assert.Equal(total, _inner.UsedBytes);
        Assert.Equal((nuint)16, buckets.UsableSize(tiny, default));
        buckets.Deallocate(tiny, default);
        buckets.Trim();
        Assert.Equal((nuint)0, _inner.UsedBytes);
    }

    [Fact]
    public void A_disposed_bucketize_gives_all_back_and_serves_no_more()
    {
        Bucketize<Limited<SystemHeap>, Multiples<Bytes.Of16>> buckets = new(_inner, 0, 256, 4);
        Layout layout = Layout.Create(200, 1);
        void* inUse = buckets.Allocate(layout);
        buckets.Deallocate(buckets.Allocate(layout), layout);
        buckets.Dispose();
        buckets.Dispose();
        Assert.Equal((nuint)208, _inner.UsedBytes);
        Assert.True(buckets.Allocate(layout) == null);
        buckets.Deallocate(inUse, layout);
        Assert.Equal((nuint)0, _inner.UsedBytes);
    }

    [Fact]
    public void Impossible_buckets_are_refused()
    {
        nuint largest = 16 * (nuint)Bucketize<SystemHeap, Multiples<Bytes.Of16>>.MaxBuckets;
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Bucketize<SystemHeap, PowersOfTwo>(default, 65, 64, 1));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Bucketize<SystemHeap, PowersOfTwo>(default, 1, 64, -1));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Bucketize<SystemHeap, PowersOfTwo>(default, 1, nuint.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Bucketize<SystemHeap, PowersOfTwo>(default, 1, Layout.MaxSize, 1));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Bucketize<SystemHeap, Multiples<Bytes.Of16>>(default, 0, largest, 1));
        new Bucketize<SystemHeap, Multiples<Bytes.Of16>>(default, 1, largest, 1).Dispose();
    }
}
