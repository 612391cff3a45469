using System;
using System.Text;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>The conversion of ASCII text, which reads and writes in pieces that overlap.</summary>
public sealed unsafe class AsciiTextTests
{
    private const int MaxLength = 300;
    private const byte Untouched = 0xEE;

    [Fact]
    public void Text_of_every_length_becomes_its_bytes_and_nothing_beside_them_is_written()
    {
        for (int length = 0; length <= MaxLength; length++)
        {
            string text = Text(length);
            byte[] bytes = new byte[length + 64];
            bytes.AsSpan().Fill(Untouched);
            fixed (byte* start = bytes)
            {
                Assert.True(AsciiText.TryConvert(text, start + 32));
            }

            Assert.Equal(Encoding.ASCII.GetBytes(text), bytes[32..^32]);
            Assert.False(bytes.AsSpan(0, 32).ContainsAnyExcept(Untouched));
            Assert.False(bytes.AsSpan(length + 32).ContainsAnyExcept(Untouched));
        }
    }

    [Theory]
    [InlineData('\u0080')]
    [InlineData('\u00e4')]
    [InlineData('\u0100')]
    [InlineData('\u4141')]
    [InlineData('\ud800')]
    [InlineData('\uff80')]
    public void One_other_character_is_found_at_every_index_of_every_length(char other)
    {
        using Heap heap = new();
        using NativeUtf8String<Heap> target = new(heap, 4 * MaxLength);
        byte* bytes = stackalloc byte[MaxLength];
        for (int length = 1; length <= MaxLength; length++)
        {
            for (int index = 0; index < length; index++)
            {
                char[] text = Text(length).ToCharArray();
                text[index] = other;
                Assert.False(AsciiText.TryConvert(text, bytes));
                target.Clear();
                target.Append(text);
                Assert.True(target.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text)));
            }
        }
    }

    [Fact]
    public void Text_is_appended_where_there_is_just_room_and_where_there_is_none()
    {
        using Heap heap = new();
        for (int length = 0; length <= MaxLength; length++)
        {
            using NativeUtf8String<Heap> target = new(heap, length);
            target.Append(Text(length).AsSpan());
            target.Append("é".AsSpan());
            target.Append(Text(length).AsSpan());
            Assert.Equal($"{Text(length)}é{Text(length)}", target.ToString());
        }
    }

    // All ASCII characters in turn.
    private static string Text(int length) =>
        string.Create(length, 0, (text, _) =>
        {
            for (int index = 0; index < text.Length; index++)
            {
                text[index] = (char)(index % 128);
            }
        });
}
