using System;

namespace Quarry.Malloc;

/// <summary>The letters of a report's options, as in <c>stats_print_opts</c>: each known one once.</summary>
internal unsafe struct ReportLetters
{
    private const int Capacity = 16;

    private fixed byte _text[Capacity];

    /// <summary>Sets the letters; unknown ones are dropped, as in jemalloc.</summary>
    internal ConfResult Set(ReadOnlySpan<byte> value)
    {
        int count = 0;
        for (int at = 0; at < value.Length; at++)
        {
            byte letter = value[at];
            bool known = "Jgmdablxeh"u8.IndexOf(letter) >= 0;
            if (known && value.Slice(0, at).IndexOf(letter) < 0)
            {
                _text[count++] = letter;
            }
        }

        _text[count] = 0;
        return ConfResult.Set;
    }

    /// <summary>Returns the zero-terminated text of a variable of the image.</summary>
    internal static byte* TextOf(ref ReportLetters letters)
    {
        // A static of an image does not move.
        fixed (byte* text = letters._text)
        {
            return text;
        }
    }
}
