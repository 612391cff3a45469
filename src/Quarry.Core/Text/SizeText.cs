using System;

namespace Quarry;

/// <summary>Parses byte counts, such as <c>65536</c>, <c>64K</c>, <c>512M</c> or <c>2G</c>.</summary>
internal static class SizeText
{
    /// <summary>
    /// Tries to parse decimal digits, optionally followed by K, M or G, in either case, for KiB, MiB or GiB.
    /// </summary>
    /// <returns>
    /// False if the text has another form, or the size exceeds <see cref="Layout.MaxSize"/>.
    /// </returns>
    internal static bool TryParse(ReadOnlySpan<byte> text, out nuint value)
    {
        value = 0;
        for (int at = 0; at < text.Length; at++)
        {
            byte character = text[at];
            if (character is >= (byte)'0' and <= (byte)'9')
            {
                nuint digit = (nuint)(character - '0');
                if (value > (Layout.MaxSize - digit) / 10)
                {
                    return false;
                }

                value = (value * 10) + digit;
                continue;
            }

            int shift = character switch
            {
                (byte)'K' or (byte)'k' => 10,
                (byte)'M' or (byte)'m' => 20,
                (byte)'G' or (byte)'g' => 30,
                _ => 0,
            };
            bool suffix = at > 0 && at == text.Length - 1 && shift != 0 && value <= Layout.MaxSize >> shift;
            value <<= shift;
            return suffix;
        }

        return text.Length > 0;
    }
}
