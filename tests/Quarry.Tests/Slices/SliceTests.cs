using System;
using System.Linq;
using Xunit;

namespace Quarry.Tests.Slices;

public sealed unsafe class SliceTests : IDisposable
{
    private readonly Arena _arena = new();

    public void Dispose() => _arena.Dispose();

    [Fact]
    public void A_slice_is_a_span_that_can_be_stored()
    {
        NativeSlice<int> slice = _arena.AllocateSlice<int>([1, 2, 3, 4]);
        using NativeList<NativeSlice<int>, Arena> rows = new(_arena) { slice, slice[1..3], default };
        rows[1][0] = 20;
        Assert.Equal([1, 20, 3, 4], rows[0].ToArray());
        Assert.Equal([20, 3], rows[1]);
        Assert.Equal((4, 2, true), (slice.Length, rows[1].Length, rows[2].IsEmpty));
        foreach (ref int item in slice)
        {
            item++;
        }

        Span<int> span = slice;
        ReadOnlySpan<int> read = slice;
        Assert.Equal((21, 5), (span[1], read[^1]));
        Assert.Equal(2 + 21 + 4 + 5, slice.Sum());
        int[] copy = new int[4];
        slice.CopyTo(copy);
        Assert.Equal([2, 21, 4, 5], copy);
        Assert.True(slice.Start == slice.Slice(0, 0).Start && rows[2].AsSpan().IsEmpty);
    }

    [Fact]
    public void What_is_not_in_a_slice_is_refused()
    {
        NativeSlice<int> slice = _arena.AllocateSlice<int>([1, 2, 3]);
        _ = Assert.Throws<IndexOutOfRangeException>(() => slice[3]);
        _ = Assert.Throws<IndexOutOfRangeException>(() => slice[(nint)(-1)]);
        _ = Assert.Throws<ArgumentException>(() => slice[2..4]);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => slice.Slice(-1, 1));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new NativeSlice<int>(null, -1));
        _ = Assert.Throws<ArgumentException>(() => slice.CopyTo(new int[2]));
    }

    [Fact]
    public void Collections_have_slices()
    {
        using NativeList<int, Arena> list = new(_arena, [1, 2, 3]);
        using NativeArray<int, Arena> array = new(_arena, [4, 5]);
        using NativeUtf8String<Arena> text = new(_arena, "text"u8);
        Assert.Equal([1, 2, 3], list.AsSlice());
        Assert.Equal([4, 5], array.AsSlice());
        Assert.True(text.AsSlice() == NativeUtf8Slice.Copy(_arena, "text"));
    }

    [Fact]
    public void Text_is_compared_by_its_bytes()
    {
        NativeUtf8Slice first = NativeUtf8Slice.Copy(_arena, "größer");
        NativeUtf8Slice second = NativeUtf8Slice.Copy(_arena, "größer"u8);
        NativeUtf8Slice part = first[..2];
        Assert.True(first == second && first.Start != second.Start && first.Equals((object)second));
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
        Assert.True(part != first && part < first && first > part && part <= first && first >= second);
        Assert.Equal(("größer", "gr", 8, (byte)'r'), (first.ToString(), $"{part}", first.Length, part[1]));
        Assert.True(default(NativeUtf8Slice).IsEmpty && default(NativeUtf8Slice).ToString().Length == 0);
        using NativeUtf8String<Arena> text = new(_arena);
        text.Append($"<{first}>");
        Assert.Equal("<größer>", text.ToString());
        _ = Assert.Throws<ArgumentException>(() => part[1..3]);
        ReadOnlySpan<byte> span = part;
        Assert.Equal("gr"u8, span);
        Assert.Equal(first, new NativeUtf8Slice(new NativeSlice<byte>(first.Start, first.Length)));
    }

    [Fact]
    public void A_string_and_a_slice_of_it_have_one_hash_code()
    {
        using NativeUtf8String<Arena> text = new(_arena, "text"u8);
        Assert.Equal(text.GetHashCode(), text.AsSlice().GetHashCode());
    }
}
