using System;
using System.Text;
using Xunit;

namespace Quarry.Core.Tests;

public unsafe class TextBufferTests
{
    [Theory]
    [InlineData(0ul, 0, "0")]
    [InlineData(7ul, 3, "  7")]
    [InlineData(1000ul, 3, "1000")]
    [InlineData(ulong.MaxValue, 0, "18446744073709551615")]
    public void Numbers_are_padded_to_their_width(ulong number, int width, string expected)
    {
        TextBuffer text = new(stackalloc byte[64]);
        text.Append((nuint)number, width);
        Assert.Equal(expected, Encoding.ASCII.GetString(text.Text));
    }

    [Theory]
    [InlineData(0ul, 1, "0")]
    [InlineData(0ul, 16, "0000000000000000")]
    [InlineData(0xABCul, 1, "abc")]
    [InlineData(0xABCul, 3, "abc")]
    [InlineData(0xABCul, 5, "00abc")]
    [InlineData(ulong.MaxValue, 1, "ffffffffffffffff")]
    public void Hexadecimal_numbers_have_their_minimum_of_digits(ulong number, int digits, string expected)
    {
        TextBuffer text = new(stackalloc byte[64]);
        text.AppendHex((nuint)number, digits);
        Assert.Equal(expected, Encoding.ASCII.GetString(text.Text));
    }

    [Fact]
    public void Text_beyond_the_memory_is_dropped_and_the_memory_behind_is_untouched()
    {
        Span<byte> memory = stackalloc byte[16];
        memory.Fill((byte)'x');
        TextBuffer text = new(memory[..8]);
        text.Append("12345"u8);
        Assert.False(text.IsFull);
        text.Append((nuint)67890);
        text.AppendHex(0xABC);
        text.Append("more"u8);
        Assert.True(text.IsFull);
        text.EndTruncatedLine();
        Assert.Equal("1234567\n", Encoding.ASCII.GetString(text.Text));
        Assert.Equal("1234567\nxxxxxxxx", Encoding.ASCII.GetString(memory));
    }

    [Fact]
    public void A_buffer_without_memory_holds_nothing()
    {
        TextBuffer text = default;
        text.Append("text"u8);
        text.EndTruncatedLine();
        Assert.Equal(0, text.Length);
    }

    [Fact]
    public void Json_is_escaped()
    {
        TextBuffer text = new(stackalloc byte[64]);
        fixed (byte* name = "a\"b\\c\n\0"u8)
        {
            text.AppendJson(name);
        }

        Assert.Equal("\"a\\\"b\\\\c\\u000a\"", Encoding.ASCII.GetString(text.Text));
    }
}
