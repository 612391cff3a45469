using System;
using Xunit;

namespace Quarry.Tests.Combinators;

public sealed unsafe class QuantizeTests
{
    [Fact]
    public void A_block_grows_where_it_lies_within_its_step()
    {
        using Limited<SystemHeap> inner = new(default, 1.MiB());
        Quantize<Limited<SystemHeap>, PowersOfTwo> quantize = new(inner);
        byte* block = (byte*)quantize.Allocate(Layout.Create(33, 8));
        Assert.Equal((nuint)64, inner.UsedBytes);
        for (nuint size = 33; size < 64; size++)
        {
            Layout layout = Layout.Create(size, 8);
            Assert.True(quantize.TryResize(block, layout, size + 1));
            Assert.True(quantize.Reallocate(block, layout, size + 1) == block);
            Assert.Equal((nuint)64, quantize.UsableSize(block, layout));
        }

        Assert.Equal((nuint)64, inner.UsedBytes);
        new Span<byte>(block, 64).Fill(3);
        Assert.False(quantize.TryResize(block, Layout.Create(64, 8), 65));
        block = (byte*)quantize.Reallocate(block, Layout.Create(64, 8), 65);
        Assert.Equal((nuint)128, inner.UsedBytes);
        Assert.Equal(64, new Span<byte>(block, 64).Count((byte)3));
        quantize.Deallocate(block, Layout.Create(65, 8));
        Assert.Equal((nuint)0, inner.UsedBytes);
    }

    [Fact]
    public void A_heap_that_knows_sizes_is_asked_itself()
    {
        Heap heap = new();
        Quantize<Heap, PowersOfTwo> quantize = new(heap);
        byte* block = (byte*)quantize.Allocate(Layout.Create(600, 8));
        Assert.True(heap.UsableSize(block, default) >= 1024);

        // The layout says nothing, as after free(): the block still stays, and still holds what it should.
        Assert.True(quantize.Reallocate(block, default, 1000) == block);
        block = (byte*)quantize.Reallocate(block, default, 5000);
        Assert.True(heap.UsableSize(block, default) >= 8192);
        quantize.Deallocate(block, default);
        heap.Dispose();
    }

    [Fact]
    public void A_size_whose_step_is_beyond_all_blocks_is_refused()
    {
        Quantize<SystemHeap, PowersOfTwo> quantize = default;
        Layout huge = Layout.Create((Layout.MaxSize / 2) + 2, 1);
        Assert.True(quantize.Allocate(huge) == null);
        Assert.True(quantize.AllocateZeroed(huge) == null);
        Layout small = Layout.Create(10, 1);
        void* block = quantize.Allocate(small);
        Assert.True(quantize.Reallocate(block, small, huge.Size) == null);
        Assert.True(quantize.Reallocate(block, small, nuint.MaxValue) == null);
        Assert.False(quantize.TryResize(block, small, huge.Size));
        Assert.False(quantize.TryResize(block, small, nuint.MaxValue));
        quantize.Deallocate(block, small);
    }
}
