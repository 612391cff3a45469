using System;

namespace Quarry.Malloc;

/// <summary>Builds text in memory that the caller provides.</summary>
/// <remarks>
/// Messages are built on the stack in <see cref="MessageSize"/> bytes, because a thread may have only 16 KiB
/// of it; reports are built in mapped memory. Text that does not fit is dropped.
/// </remarks>
internal ref struct BoundedText(Span<byte> memory)
{
    /// <summary>The number of bytes for a message of one or two lines.</summary>
    internal const int MessageSize = 256;

    private readonly Span<byte> _memory = memory;
    private int _length;

    /// <summary>Gets a value that indicates whether anything appended from now on is dropped.</summary>
    internal readonly bool IsFull => _length == _memory.Length;

    /// <summary>Gets the text.</summary>
    internal readonly ReadOnlySpan<byte> Text => _memory.Slice(0, _length);

    /// <summary>Appends text in UTF-8.</summary>
    internal void Append(ReadOnlySpan<byte> text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            Append(text[at]);
        }
    }

    /// <summary>Appends one byte.</summary>
    internal void Append(byte character)
    {
        if (!IsFull)
        {
            _memory[_length++] = character;
        }
    }

    /// <summary>Appends a number in decimal, right-aligned in <paramref name="width"/> columns.</summary>
    internal void Append(nuint number, int width = 0)
    {
        nuint unit = 1;
        int digits = 1;
        for (; number / unit >= 10; unit *= 10)
        {
            digits++;
        }

        for (; digits < width; width--)
        {
            Append((byte)' ');
        }

        for (; unit > 0; unit /= 10)
        {
            Append((byte)('0' + (number / unit % 10)));
        }
    }

    /// <summary>Appends a number in hexadecimal, without leading zeros.</summary>
    internal void AppendHex(nuint number)
    {
        int shift = 60;
        while (shift > 0 && number >> shift == 0)
        {
            shift -= 4;
        }

        for (; shift >= 0; shift -= 4)
        {
            Append("0123456789abcdef"u8[(int)(number >> shift) & 15]);
        }
    }

    /// <summary>Appends a string that ends with a zero byte.</summary>
    internal unsafe void AppendString(byte* text)
    {
        for (; *text != 0; text++)
        {
            Append(*text);
        }
    }

    /// <summary>Writes the text to standard error.</summary>
    internal readonly unsafe void WriteToStandardError()
    {
        fixed (byte* bytes = Text)
        {
            Os.Write(Os.StandardError, bytes, (nuint)_length);
        }
    }
}
