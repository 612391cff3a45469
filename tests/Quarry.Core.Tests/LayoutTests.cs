using System;
using System.Runtime.InteropServices;
using Xunit;

namespace Quarry.Core.Tests;

public class LayoutTests
{
    private static nuint Max => Layout.MaxSize;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(24, 16)]
    [InlineData(4097, 1 << 30)]
    public void Create_keeps_size_and_alignment(int size, int alignment)
    {
        Assert.True(Layout.TryCreate((nuint)size, (nuint)alignment, out Layout layout));
        Assert.Equal((nuint)size, layout.Size);
        Assert.Equal((nuint)alignment, layout.Alignment);
    }

    [Fact]
    public void Default_is_empty_with_alignment_1()
    {
        Layout layout = default;
        Assert.Equal((0u, 1u), (layout.Size, layout.Alignment));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(24)]
    [InlineData(-1)]
    public void Create_refuses_alignment_that_is_no_power_of_two(int alignment) =>
        Assert.False(Layout.TryCreate(8, unchecked((nuint)(nint)alignment), out _));

    [Fact]
    public void Create_refuses_alignment_of_half_the_address_space() =>
        Assert.False(Layout.TryCreate(0, (nuint)1 << 63, out _));

    [Fact]
    public void Create_takes_the_largest_size_at_alignment_1() =>
        Assert.True(Layout.TryCreate(Max, 1, out _));

    [Fact]
    public void Create_refuses_one_byte_beyond_the_largest_size() =>
        Assert.False(Layout.TryCreate(Max + 1, 1, out _));

    [Fact]
    public void Create_refuses_size_that_rounds_up_beyond_the_largest()
    {
        Assert.True(Layout.TryCreate(Max - 15, 16, out _));
        Assert.False(Layout.TryCreate(Max - 14, 16, out _));
    }

    [Fact]
    public void Refused_layout_is_the_default()
    {
        Assert.False(Layout.TryCreate(100, 3, out Layout layout));
        Assert.Equal((0u, 1u), (layout.Size, layout.Alignment));
    }

    [Fact]
    public void Of_knows_size_and_alignment_of_types()
    {
        AssertLayout(1, 1, Layout.Of<byte>());
        AssertLayout(2, 2, Layout.Of<char>());
        AssertLayout(8, 8, Layout.Of<double>());
        AssertLayout(16, 16, Layout.Of<Int128>());
        AssertLayout(12, 4, Layout.Of<Triple>());
        AssertLayout(16, 8, Layout.Of<Mixed>());
        AssertLayout(9, 1, Layout.Of<Packed>());
    }

    [Fact]
    public void Array_is_as_long_as_its_items()
    {
        Assert.True(Layout.TryArray<Triple>(5, out Layout layout));
        AssertLayout(60, 4, layout);
    }

    [Fact]
    public void Array_of_nothing_is_empty_but_aligned()
    {
        Assert.True(Layout.TryArray<long>(0, out Layout layout));
        AssertLayout(0, 8, layout);
    }

    [Fact]
    public void Array_whose_size_wraps_to_something_small_is_refused() =>
        Assert.False(Layout.TryArray<long>(((nuint)1 << 61) + 1, out _));

    [Fact]
    public void Largest_array_is_taken_and_one_more_refused()
    {
        Assert.True(Layout.TryArray<long>(Max / 8, out _));
        Assert.False(Layout.TryArray<long>((Max / 8) + 1, out _));
    }

    [Fact]
    public void Extend_lays_fields_out_as_the_compiler_does()
    {
        Layout layout = Layout.Of<byte>();
        Assert.True(layout.TryExtend(Layout.Of<long>(), out layout, out nuint second));
        Assert.True(layout.TryExtend(Layout.Of<short>(), out layout, out nuint third));
        Assert.Equal((8u, 16u), (second, third));
        AssertLayout(18, 8, layout);
        AssertLayout(24, 8, layout.PadToAlignment());
    }

    [Fact]
    public void Extend_refuses_a_sum_beyond_the_largest_size()
    {
        Layout.TryCreate(Max, 1, out Layout whole);
        Assert.False(whole.TryExtend(Layout.Of<byte>(), out _, out _));
        Assert.True(whole.TryExtend(default, out _, out nuint offset));
        Assert.Equal(Max, offset);
    }

    [Fact]
    public void Extend_refuses_an_offset_that_rounds_beyond_the_largest_size()
    {
        Layout.TryCreate(Max, 1, out Layout whole);
        Layout.TryCreate(0, (nuint)1 << 62, out Layout aligned);
        Assert.False(whole.TryExtend(aligned, out _, out _));
        Layout.TryCreate((nuint)1 << 62, (nuint)1 << 62, out Layout half);
        Assert.False(whole.TryExtend(half, out _, out _));
    }

    [Fact]
    public void Repeat_pads_every_item()
    {
        Layout.TryCreate(5, 4, out Layout item);
        Assert.True(item.TryRepeat(3, out Layout items));
        AssertLayout(24, 4, items);
    }

    [Fact]
    public void Repeat_of_empty_items_has_no_limit()
    {
        Layout.TryCreate(0, 64, out Layout item);
        Assert.True(item.TryRepeat(nuint.MaxValue, out Layout items));
        AssertLayout(0, 64, items);
    }

    [Fact]
    public void Repeat_whose_product_wraps_is_refused()
    {
        Layout.TryCreate(16, 16, out Layout item);
        Assert.False(item.TryRepeat((nuint)1 << 60, out _));
        Assert.False(item.TryRepeat(nuint.MaxValue, out _));
    }

    private static void AssertLayout(nuint size, nuint alignment, Layout layout) =>
        Assert.Equal((size, alignment), (layout.Size, layout.Alignment));

#pragma warning disable CS0649, CA1823, CS0169, IDE0051 // the fields are there for their size alone
    private struct Triple
    {
        private readonly int _a, _b, _c;
    }

    private struct Mixed
    {
        private readonly byte _a;
        private readonly long _b;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Packed
    {
        private readonly byte _a;
        private readonly long _b;
    }
#pragma warning restore CS0649, CA1823, CS0169, IDE0051
}
