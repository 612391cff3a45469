using System;

namespace Quarry;

/// <summary>Text that is put together on the stack, for where there is nowhere to allocate from.</summary>
/// <remarks>
/// 12 KiB; what is more is left out. Create it as <c>default</c>, and pass it by reference: a copy is text of
/// its own.
/// </remarks>
public unsafe struct TextBuffer
{
    /// <summary>Room for a line or an object of 100 bytes for each size class, and some more.</summary>
    private const int Capacity = 12 * 1024;

    private fixed byte _bytes[Capacity];
    private int _length;

    /// <summary>The number of bytes so far.</summary>
    internal readonly nuint Length => (nuint)_length;

    /// <summary>The first of them.</summary>
    internal static byte* Start(TextBuffer* text) => text->_bytes;

    /// <summary>Adds text in UTF-8, as <c>"..."u8</c> is.</summary>
    public void Append(ReadOnlySpan<byte> text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            Append(text[at]);
        }
    }

    /// <summary>Adds a character, or nothing when the buffer is full.</summary>
    public void Append(byte character)
    {
        if (_length < Capacity)
        {
            _bytes[_length++] = character;
        }
    }

    /// <summary>Adds a number in decimal, right-aligned in at least so many columns.</summary>
    public void Append(nuint number, int width = 0)
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

    /// <summary>Adds a number in hexadecimal, as short as it is.</summary>
    public void AppendHex(nuint number)
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

    /// <summary>Adds a string that ends with a zero byte, as it is.</summary>
    internal void AppendString(byte* text)
    {
        for (; *text != 0; text++)
        {
            Append(*text);
        }
    }

    /// <summary>Adds a string that ends with a zero byte, in the quoted form of JSON.</summary>
    internal void AppendJson(byte* text)
    {
        Append((byte)'"');
        for (; *text != 0; text++)
        {
            if (*text < 0x20)
            {
                Append("\\u00"u8);
                Append("0123456789abcdef"u8[*text >> 4]);
                Append("0123456789abcdef"u8[*text & 15]);
                continue;
            }

            if (*text is (byte)'"' or (byte)'\\')
            {
                Append((byte)'\\');
            }

            Append(*text);
        }

        Append((byte)'"');
    }

    /// <summary>Ends the text with a zero byte and copies it out.</summary>
    internal void CopyTo(byte* target, int size)
    {
        int count = _length < size ? _length : size - 1;
        for (int at = 0; at < count; at++)
        {
            target[at] = _bytes[at];
        }

        target[count] = 0;
    }

    /// <summary>Writes the text to standard error, by a system call.</summary>
    public void WriteToStandardError() => WriteTo(Os.StandardError);

    internal void WriteTo(int descriptor)
    {
        fixed (byte* bytes = _bytes)
        {
            Os.Write(descriptor, bytes, Length);
        }
    }
}
