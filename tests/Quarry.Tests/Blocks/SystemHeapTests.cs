using System;
using System.Runtime.InteropServices;
using Xunit;

namespace Quarry.Tests.Blocks;

public sealed unsafe class SystemHeapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(4096)]
    public void Blocks_are_aligned_and_keep_their_contents_when_they_grow(int alignment)
    {
        SystemHeap heap = default;
        Layout layout = Layout.Create(100, (nuint)alignment);
        byte* block = (byte*)heap.AllocateZeroed(layout);
        Assert.Equal((nuint)0, (nuint)block % (nuint)alignment);
        Assert.Equal(-1, new Span<byte>(block, 100).IndexOfAnyExcept((byte)0));
        new Span<byte>(block, 100).Fill(7);
        block = (byte*)heap.Reallocate(block, layout, 5000);
        Assert.Equal((nuint)0, (nuint)block % (nuint)alignment);
        Assert.Equal(-1, new Span<byte>(block, 100).IndexOfAnyExcept((byte)7));
        heap.Deallocate(block, Layout.Create(5000, (nuint)alignment));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void What_cannot_be_served_is_null_and_leaves_the_block(int alignment)
    {
        SystemHeap heap = default;
        nuint tooMuch = Layout.MaxSize / 2;
        Layout layout = Layout.Create(8, (nuint)alignment);
        Assert.True(heap.Allocate(Layout.Create(tooMuch, (nuint)alignment)) == null);
        Assert.True(heap.AllocateZeroed(Layout.Create(tooMuch, (nuint)alignment)) == null);
        long* block = (long*)heap.Allocate(layout);
        *block = 42;
        Assert.True(heap.Reallocate(block, layout, tooMuch) == null);
        Assert.True(heap.Reallocate(block, layout, nuint.MaxValue) == null);
        Assert.Equal(42, *block);
        heap.Deallocate(block, layout);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Blocks_are_those_of_NativeMemory(int size)
    {
        SystemHeap heap = default;
        Layout layout = Layout.Create((nuint)size, 16);
        void* block = heap.Allocate(layout);
        Assert.True(block != null);
        NativeMemory.Free(block);
        heap.Deallocate(NativeMemory.Alloc(layout.Size), layout);
        heap.Deallocate(null, layout);
    }
}
