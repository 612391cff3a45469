using System;

namespace Quarry;

/// <summary>Builds text in memory that the caller provides, for code that must not allocate.</summary>
/// <remarks>
/// <para>
/// Text beyond the end of the memory is dropped. A message fits into a few hundred bytes, which even the
/// smallest thread stack has:
/// </para>
/// <code>
/// TextBuffer text = new(stackalloc byte[256]);
/// text.Append("allocations: "u8);
/// text.Append(count);
/// </code>
/// <para>Pass it by reference: a copy has a length of its own.</para>
/// </remarks>
public ref struct TextBuffer
{
    private readonly Span<byte> _memory;
    private int _length;

    /// <summary>Initializes a new instance of the <see cref="TextBuffer"/> struct.</summary>
    /// <param name="memory">The memory for the text; its length is the capacity.</param>
    public TextBuffer(Span<byte> memory) => _memory = memory;

    /// <summary>Gets the length of the text, in bytes.</summary>
    public readonly int Length => _length;

    /// <summary>
    /// Gets a value that indicates whether the memory is full, so that further text is dropped.
    /// </summary>
    public readonly bool IsFull => _length == _memory.Length;

    /// <summary>Gets the text.</summary>
    public readonly ReadOnlySpan<byte> Text => _memory.Slice(0, _length);

    /// <summary>Appends UTF-8 text, such as <c>"..."u8</c>.</summary>
    public void Append(ReadOnlySpan<byte> text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            Append(text[at]);
        }
    }

    /// <summary>Appends one byte.</summary>
    public void Append(byte character)
    {
        if (!IsFull)
        {
            _memory[_length++] = character;
        }
    }

    /// <summary>Appends a number in decimal.</summary>
    /// <param name="number">The number.</param>
    /// <param name="width">
    /// The minimum number of characters; a shorter number is padded with spaces on the left.
    /// </param>
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

    /// <summary>Appends a number in hexadecimal, without a prefix.</summary>
    /// <param name="number">The number.</param>
    /// <param name="digits">
    /// The minimum number of digits, at most 16; a shorter number is padded with zeros.
    /// </param>
    public void AppendHex(nuint number, int digits = 1)
    {
        const int BitsPerDigit = 4;
        int shift = (2 * sizeof(ulong) - 1) * BitsPerDigit;
        while (shift >= digits * BitsPerDigit && number >> shift == 0)
        {
            shift -= BitsPerDigit;
        }

        for (; shift >= 0; shift -= BitsPerDigit)
        {
            Append(Digit((int)(number >> shift) & 15));
        }
    }

    /// <summary>Appends a zero-terminated string.</summary>
    internal unsafe void AppendString(byte* text)
    {
        for (; *text != 0; text++)
        {
            Append(*text);
        }
    }

    /// <summary>Appends a zero-terminated string as a JSON string, quoted and escaped.</summary>
    internal unsafe void AppendJson(byte* text)
    {
        Append((byte)'"');
        for (; *text != 0; text++)
        {
            if (*text < 0x20)
            {
                Append("\\u00"u8);
                Append(Digit(*text >> 4));
                Append(Digit(*text & 15));
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

    /// <summary>
    /// Replaces the last byte by a line feed if the text fills its memory, so that a truncated message does
    /// not run into the next one.
    /// </summary>
    internal readonly void EndTruncatedLine()
    {
        if (IsFull && _length > 0)
        {
            _memory[_length - 1] = (byte)'\n';
        }
    }

    private static byte Digit(int value) => "0123456789abcdef"u8[value];
}
