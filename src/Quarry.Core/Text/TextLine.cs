using System;

namespace Quarry;

/// <summary>
/// A short line, put together in room that the caller has on its stack: no more of it than the line takes.
/// </summary>
/// <remarks>
/// Each member writes at the end of the line and returns the new end; none knows how much room there is. For
/// text whose length is not known before there is <see cref="TextBuffer"/>.
/// </remarks>
internal static unsafe class TextLine
{
    internal static byte* Append(byte* end, ReadOnlySpan<byte> text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            *end++ = text[at];
        }

        return end;
    }

    /// <summary>Adds a number with at least so many digits.</summary>
    internal static byte* Append(byte* end, ulong number, uint radix = 10, int digits = 1)
    {
        int length = 1;
        for (ulong rest = number / radix; rest != 0; rest /= radix)
        {
            length++;
        }

        length = length < digits ? digits : length;
        for (int at = length - 1; at >= 0; at--, number /= radix)
        {
            end[at] = "0123456789abcdef"u8[(int)(number % radix)];
        }

        return end + length;
    }
}
