using System;
using System.Text;
using Xunit;

namespace Quarry.Tests.Blocks;

public sealed unsafe class ArenaValuesTests
{
    [Fact]
    public void Values_are_there_by_reference_and_by_pointer()
    {
        using Arena arena = new();
        ref Guid place = ref arena.NewRef(new Guid(1, 2, 3, new byte[8]));
        Assert.Equal(new Guid(1, 2, 3, new byte[8]), place);
        Assert.Equal(42, *arena.New(42));
        Assert.True(arena.TryNew(43, out int* another));
        Assert.Equal(43, *another);
    }

    [Fact]
    public void Spans_have_the_length_and_copies_the_contents()
    {
        using Arena arena = new();
        Assert.Equal(10, arena.AllocateSpan<long>(10).Length);
        Assert.Equal(0, arena.AllocateSpan<long>(0).Length);
        int[] values = [1, 2, 3];
        Span<int> copy = arena.AllocateSpan<int>(values);
        values[0] = 9;
        Assert.Equal([1, 2, 3], copy.ToArray());
        Assert.True(arena.TryAllocateSpan(5, out Span<int> more));
        Assert.Equal(5, more.Length);
    }

    [Fact]
    public void Zeroed_spans_are_zero_after_a_reset()
    {
        using Arena arena = new();
        arena.AllocateSpan<byte>(1000).Fill(1);
        arena.Reset();
        Assert.Equal(-1, arena.AllocateZeroedSpan<byte>(1000).IndexOfAnyExcept((byte)0));
        arena.Reset();
        byte* block = (byte*)arena.AllocateZeroed(Layout.Create(1000, 1));
        Assert.Equal(-1, new Span<byte>(block, 1000).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Text_is_copied_as_it_is_or_as_utf8()
    {
        using Arena arena = new();
        Assert.Equal("Grüße", arena.AllocateString("Grüße").ToString());
        Assert.Equal(Encoding.UTF8.GetBytes("Grüße 🙂"), arena.AllocateUtf8("Grüße 🙂").ToArray());
        Assert.Equal("\uFFFD", Encoding.UTF8.GetString(arena.AllocateUtf8("\ud83d")));
        Assert.True(arena.AllocateUtf8("").IsEmpty);
    }

    [Fact]
    public void Lengths_that_cannot_be_are_refused()
    {
        using Arena arena = new();
        Arena shared = arena;
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = shared.AllocateSpan<int>(-1); });
        Assert.Throws<ArgumentOutOfRangeException>(() => shared.TryAllocateSpan(-1, out Span<int> _));
        Assert.Equal((nuint)0, arena.UsedBytes);
    }
}
