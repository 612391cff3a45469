using System;
using Xunit;

namespace Quarry.Tests.Combinators;

public sealed unsafe class StackFrontTests
{
    [Fact]
    public void The_first_bytes_come_from_the_stack()
    {
        const int Size = 1024;
        byte* buffer = stackalloc byte[Size];
        using Limited<SystemHeap> inner = new(default, 1.MiB());
        StackFront<Limited<SystemHeap>> front = new(inner, buffer, Size);
        Layout layout = Layout.Create(100, 4);
        int onStack = 0;
        void* block = null;
        while (inner.UsedBytes == 0)
        {
            block = front.Allocate(layout);
            onStack += block >= buffer && block < buffer + Size ? 1 : 0;
        }

        Assert.Equal((Size - (int)FixedBuffer.OverheadBytes) / 100, onStack);
        Assert.False(front.Buffer.Owns(block));
        front.Deallocate(block, layout);
        Assert.Equal((nuint)0, inner.UsedBytes);
    }

    [Fact]
    public void A_block_that_outgrows_the_buffer_moves()
    {
        byte* buffer = stackalloc byte[256];
        using Limited<SystemHeap> inner = new(default, 1.MiB());
        StackFront<Limited<SystemHeap>> front = new(inner, buffer, 256);
        byte* block = (byte*)front.Allocate(Layout.Create(100, 4));
        new Span<byte>(block, 100).Fill(8);
        Assert.True(front.Reallocate(block, Layout.Create(100, 4), 200) == block);
        block = (byte*)front.Reallocate(block, Layout.Create(200, 4), 300);
        Assert.Equal((nuint)300, inner.UsedBytes);
        Assert.Equal((nuint)0, front.Buffer.UsedBytes);
        Assert.Equal(100, new Span<byte>(block, 100).Count((byte)8));
        front.Deallocate(block, Layout.Create(300, 4));
        Assert.Equal((nuint)0, inner.UsedBytes);
    }

    [Fact]
    public void No_buffer_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new StackFront<SystemHeap>(default, null, 100));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            byte* buffer = stackalloc byte[8];
            _ = new StackFront<SystemHeap>(default, buffer, 8);
        });
        Assert.False(StackFront<SystemHeap>.TryCreate(default, null, 100, out _));
    }
}
