using System;
using System.Collections.Generic;
using Xunit;

namespace Quarry.Tests.Blocks;

public sealed unsafe class FixedBufferTests
{
    [Fact]
    public void Serves_from_the_stack_until_the_last_byte()
    {
        byte* memory = stackalloc byte[256];
        FixedBuffer buffer = new(memory, 256);
        Assert.Equal((nuint)0, buffer.UsedBytes);
        byte* first = (byte*)buffer.Allocate(Layout.Create(1, 1));
        byte* second = (byte*)buffer.Allocate(Layout.Create(3, 1));
        Assert.True(first >= memory && second == first + 1);
        nuint rest = buffer.CapacityBytes - buffer.UsedBytes;
        Assert.True(buffer.Allocate(Layout.Create(rest + 1, 1)) == null);
        byte* last = (byte*)buffer.Allocate(Layout.Create(rest, 1));
        Assert.True(last == second + 3 && last + rest == memory + 256);
        Assert.True(buffer.Allocate(Layout.Create(0, 1)) == null);
        Assert.Equal(buffer.CapacityBytes, buffer.UsedBytes);
    }

    [Fact]
    public void A_copy_is_the_same_buffer_and_state_takes_three_words()
    {
        byte* memory = stackalloc byte[64];
        byte* aligned = (byte*)Layout.AlignUp((nuint)memory, 8);
        FixedBuffer buffer = new(aligned, 40);
        FixedBuffer copy = buffer;
        Assert.Equal((nuint)24, FixedBuffer.OverheadBytes);
        Assert.True(copy.Allocate(Layout.Of<long>()) == aligned + 24);
        Assert.True(buffer.Allocate(Layout.Of<long>()) == aligned + 32);
        Assert.True(copy.Allocate(default) == null);
    }

    [Fact]
    public void Blocks_of_no_bytes_differ()
    {
        byte* memory = stackalloc byte[64];
        FixedBuffer buffer = new(memory, 64);
        HashSet<nuint> addresses = [];
        for (int i = 0; i < 5; i++)
        {
            Assert.True(addresses.Add((nuint)buffer.Allocate(default)));
        }
    }

    [Fact]
    public void The_last_block_grows_shrinks_and_can_be_given_back_the_others_cannot()
    {
        byte* memory = stackalloc byte[256];
        FixedBuffer buffer = new(memory, 256);
        Layout layout = Layout.Create(16, 8);
        void* first = buffer.Allocate(layout);
        void* last = buffer.Allocate(layout);
        Assert.False(buffer.TryResize(first, layout, 17));
        Assert.True(buffer.TryResize(first, layout, 8));
        Assert.True(buffer.TryResize(last, layout, 40));
        Assert.Equal((nuint)56, buffer.UsedBytes);
        Assert.False(buffer.TryResize(last, Layout.Create(40, 8), 1000));
        Assert.False(buffer.TryResize(last, Layout.Create(40, 8), nuint.MaxValue));
        Assert.Equal((nuint)56, buffer.UsedBytes);
        buffer.Deallocate(last, Layout.Create(40, 8));
        Assert.Equal((nuint)16, buffer.UsedBytes);
        Assert.True(buffer.Allocate(layout) == last);
        buffer.Deallocate(first, layout);
        Assert.Equal((nuint)32, buffer.UsedBytes);
    }

    [Fact]
    public void Owns_its_blocks_and_nothing_else()
    {
        byte* memory = stackalloc byte[256];
        FixedBuffer buffer = new(memory, 256);
        byte* block = (byte*)buffer.Allocate(Layout.Create(16, 1));
        Assert.True(buffer.Owns(block));
        Assert.True(buffer.Owns(block + 15));
        Assert.False(buffer.Owns(block + 16));
        Assert.False(buffer.Owns(block - 1));
        Assert.False(buffer.Owns(null));
        buffer.DeallocateAll();
        Assert.False(buffer.Owns(block));
        Assert.True(buffer.Allocate(Layout.Create(16, 1)) == block);
    }

    [Fact]
    public void Zeroed_blocks_are_zero_whatever_the_buffer_held()
    {
        byte* memory = stackalloc byte[256];
        new Span<byte>(memory, 256).Fill(0xcc);
        FixedBuffer buffer = new(memory, 256);
        byte* block = (byte*)buffer.AllocateZeroed(Layout.Create(100, 4));
        Assert.Equal(-1, new Span<byte>(block, 100).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void What_is_no_buffer_is_refused()
    {
        byte* memory = stackalloc byte[64];
        byte* aligned = (byte*)Layout.AlignUp((nuint)memory, 8);
        Assert.Throws<ArgumentNullException>(() => new FixedBuffer(null, 64));
        Assert.False(FixedBuffer.TryCreate(aligned, 23, out _));
        Assert.False(FixedBuffer.TryCreate(aligned + 1, 24, out _));
        Assert.True(FixedBuffer.TryCreate(aligned, 24, out FixedBuffer empty));
        Assert.True(empty.Allocate(default) == null);
        nuint address = (nuint)aligned;
        ArgumentOutOfRangeException refused =
            Assert.Throws<ArgumentOutOfRangeException>(() => new FixedBuffer((void*)address, 0));
        Assert.Contains("24 bytes", refused.Message, StringComparison.Ordinal);
    }
}
