using System;

namespace Quarry;

/// <summary>A number of bytes as people write it.</summary>
internal static class SizeText
{
    /// <summary>Reads decimal digits, with K, M or G behind them for KiB, MiB or GiB.</summary>
    /// <returns>False if the text is none, or more than <see cref="Layout.MaxSize"/>.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> text, out nuint value)
    {
        value = 0;
        for (int at = 0; at < text.Length; at++)
        {
            byte character = text[at];
            if (character is >= (byte)'0' and <= (byte)'9' && value < Layout.MaxSize / 10)
            {
                value = (value * 10) + (nuint)(character - '0');
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
