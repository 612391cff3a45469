using System;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>The edges of the heap's interface, each by name.</summary>
public sealed unsafe class HeapTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Blocks_of_size_0_are_unique_and_can_be_freed()
    {
        void* first = Allocate(0);
        void* second = Allocate(0);
        Assert.True(first != null && second != null && first != second);
        Assert.True(_heap.UsableSize(first, default) > 0);
        _heap.Deallocate(first, default);
        _heap.Deallocate(second, default);
        Assert.Equal(0u, _heap.GetStatistics().InUseBlocks);
    }

    [Fact]
    public void Freeing_null_is_harmless()
    {
        _heap.Deallocate(null, default);
        Assert.Equal(0u, _heap.GetStatistics().Allocations);
    }

    [Fact]
    public void Reallocating_null_allocates()
    {
        byte* block = (byte*)_heap.Reallocate(null, Of(0), 100);
        Assert.True(block != null && _heap.UsableSize(block, default) >= 100);
    }

    [Fact]
    public void Null_is_not_owned_and_has_no_size()
    {
        Assert.False(_heap.Owns(null));
        Assert.Equal(0u, _heap.UsableSize(null, default));
        Assert.False(_heap.TryResize(null, default, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65536)]
    [InlineData(65537)]
    [InlineData(10_000_000)]
    public void Owned_are_blocks_of_this_heap_until_they_are_freed(int size)
    {
        Heap other = new();
        byte* block = Allocate((nuint)size);
        Assert.True(_heap.Owns(block));
        Assert.False(other.Owns(block));
        _heap.Deallocate(block, default);
        Assert.True(size <= 65536 || !_heap.Owns(block));
        Assert.False(_heap.Owns(&block));
        other.Dispose();
    }

    [Fact]
    public void Every_alignment_up_to_1_GiB_is_served()
    {
        for (nuint alignment = 1; alignment <= 1 << 30; alignment *= 2)
        {
            foreach (nuint size in new nuint[] { 0, 1, 100, 5000, 70_000, 3_000_000 })
            {
                byte* block = Allocate(size, alignment);
                bool aligned = block != null && (nuint)block % alignment == 0;
                Assert.True(aligned, $"size {size}, alignment {alignment}");
                block[0] = block[size == 0 ? 0 : size - 1] = 1;
                _heap.Deallocate(block, Of(size, alignment));
            }
        }

        Assert.Equal(0u, _heap.GetStatistics().InUseBytes);
    }

    [Fact]
    public void Blocks_larger_than_memory_can_be_had_untouched()
    {
        byte* first = Allocate((nuint)20 << 30);
        byte* second = Allocate((nuint)200 << 30);
        Assert.True(first != null && second != null);
        second[(nuint)200 << 30 >> 1] = 1;
        Assert.Equal((nuint)220 << 30, _heap.GetStatistics().InUseBytes);
        _heap.Deallocate(first, default);
        _heap.Deallocate(second, default);
        Assert.Equal(0u, _heap.GetStatistics().InUseBytes);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4096, 0)]
    [InlineData(1, 1)]
    [InlineData(1 << 30, 0)]
    public void The_largest_size_fails_cleanly(int alignment, int less)
    {
        nuint size = Layout.MaxSize - (nuint)(alignment - 1) - (nuint)less;
        HeapStatistics before = _heap.GetStatistics();
        Assert.True(Allocate(size, (nuint)alignment) == null);
        Assert.True(_heap.AllocateZeroed(Of(size, (nuint)alignment)) == null);
        HeapStatistics after = _heap.GetStatistics();
        Assert.Equal(before.UsedBytes, after.UsedBytes);
        Assert.Equal(before.Allocations, after.Allocations);
    }

    [Fact]
    public void A_request_that_fails_leaves_the_peak_alone()
    {
        _ = Allocate(100);
        nuint peak = _heap.GetStatistics().PeakBytes;
        Assert.True(Allocate((nuint)1 << 60) == null);
        Assert.Equal(peak, _heap.GetStatistics().PeakBytes);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    [InlineData(10_000_000)]
    public void Reallocation_that_fails_leaves_the_block_as_it_was(int size)
    {
        byte* block = Allocate((nuint)size);
        Pattern.Fill(block, (nuint)size, 1);
        Assert.True(_heap.Reallocate(block, Of((nuint)size), (nuint)1 << 60) == null);
        Assert.True(_heap.Reallocate(block, Of((nuint)size), Layout.MaxSize) == null);
        Assert.True(_heap.Reallocate(block, Of((nuint)size), nuint.MaxValue) == null);
        Assert.True(Pattern.Holds(block, (nuint)size, 1));
        Assert.Equal(1u, _heap.GetStatistics().InUseBlocks);
    }

    [Fact]
    public void A_block_that_shrinks_a_lot_gives_memory_back()
    {
        byte* block = Allocate(10_000_000);
        Pattern.Fill(block, 10_000_000, 1);
        block = (byte*)_heap.Reallocate(block, Of(10_000_000), 100);
        Assert.True(Pattern.Holds(block, 100, 10_000_000, 1));
        Assert.InRange(_heap.GetStatistics().InUseBytes, 100u, 128u);
    }

    [Fact]
    public void An_aligned_block_that_shrinks_a_lot_gives_memory_back()
    {
        void* block = _heap.Reallocate(Allocate(10_000_000, 64), Of(10_000_000, 64), 100);
        Assert.True((nuint)block % 64 == 0);
        Assert.InRange(_heap.GetStatistics().InUseBytes, 100u, 1_000_000u);
    }

    [Fact]
    public void An_aligned_block_keeps_its_alignment_when_it_moves()
    {
        byte* block = Allocate(1000, 1 << 20);
        Pattern.Fill(block, 1000, 5);
        block = (byte*)_heap.Reallocate(block, Of(1000, 1 << 20), 3_000_000);
        Assert.True((nuint)block % (1 << 20) == 0 && Pattern.Holds(block, 1000, 5));
    }

    [Fact]
    public void A_small_block_is_resized_within_its_class_only()
    {
        byte* block = Allocate(100);
        Assert.True(_heap.TryResize(block, Of(100), 112));
        Assert.False(_heap.TryResize(block, Of(112), 113));
        Assert.True(_heap.TryResize(block, Of(112), 0));
    }

    [Fact]
    public void A_string_that_grows_byte_by_byte_keeps_its_contents()
    {
        byte* block = Allocate(1);
        for (nuint size = 1; size < 300_000; size += 1 + (size / 50))
        {
            block = (byte*)_heap.Reallocate(block, Of(size), size + 1 + (size / 50));
            for (nuint at = size; at < size + 1 + (size / 50); at++)
            {
                block[at] = (byte)(at * 7);
            }
        }

        for (nuint at = 1; at < 300_000; at++)
        {
            Assert.True(block[at] == (byte)(at * 7));
        }
    }

    [Fact]
    public void Handles_of_the_same_heap_are_equal_and_of_others_are_not()
    {
        Heap copy = _heap;
        Heap other = new();
        Assert.True(copy == _heap && copy.Equals((object)_heap) && copy.GetHashCode() == _heap.GetHashCode());
        Assert.True(other != _heap && !other.Equals(null) && default != other);
        other.Dispose();
    }

    [Fact]
    public void The_default_value_is_no_heap_and_says_so()
    {
        Heap heap = default;
        Assert.True(heap.IsDefault && !heap.IsAlive);
        Assert.True(heap.Allocate(Of(1)) == null);
        _ = Allocate(1);
        Assert.True(heap.Allocate(Of(1)) == null);
        Assert.Contains("never created", Assert.Throws<InvalidOperationException>(
            () => _ = (nuint)heap.Alloc(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_destroyed_heap_says_so_and_is_destroyed_once()
    {
        Heap heap = new();
        _ = (nuint)heap.Allocate(Of(100));
        heap.Dispose();
        heap.Dispose();
        Assert.False(heap.IsAlive);
        Assert.True(heap.Allocate(Of(1)) == null);
        Assert.False(heap.Owns(null));
        Assert.Throws<ObjectDisposedException>(() => _ = (nuint)heap.Alloc(1));
        Heap next = new();
        Assert.True(next.Allocate(Of(100)) != null);
        heap.Dispose();
        Assert.True(next.Allocate(Of(100)) != null);
        Assert.True(heap.Allocate(Of(1)) == null);
        next.Dispose();
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(65536)]
    [InlineData(3 << 16)]
    public void A_heap_without_room_for_its_tables_is_not_created(int reserve)
    {
        HeapOptions options = new() { ReserveBytes = (nuint)reserve };
        Assert.False(Heap.TryCreate(options, out Heap heap));
        Assert.True(heap.IsDefault);
        Assert.Throws<OutOfMemoryException>(() => new Heap(options));
    }

    internal static Layout Of(nuint size, nuint alignment = 16) =>
        Layout.TryCreate(size, alignment, out Layout layout)
            ? layout
            : throw new ArgumentException("No layout.");

    private byte* Allocate(nuint size, nuint alignment = 16) => (byte*)_heap.Allocate(Of(size, alignment));
}
