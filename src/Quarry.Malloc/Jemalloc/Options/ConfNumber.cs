using System;

namespace Quarry.Malloc;

/// <summary>Parses numbers as C's <c>strtoumax</c> does with base 0.</summary>
internal static class ConfNumber
{
    /// <summary>
    /// Tries to parse a decimal, hexadecimal (<c>0x</c>) or octal (<c>0</c>) number with an optional sign,
    /// after optional spaces; a negative number is negated modulo 2^64.
    /// </summary>
    /// <returns>False if anything follows the number, there is none, or it exceeds 64 bits.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> text, out ulong value)
    {
        int at = 0;
        value = 0;
        while (at < text.Length && text[at] is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r'))
        {
            at++;
        }

        bool negative = at < text.Length && text[at] == '-';
        at += at < text.Length && text[at] is (byte)'-' or (byte)'+' ? 1 : 0;
        uint numberBase = 10;
        if (at < text.Length && text[at] == '0')
        {
            bool hexadecimal = at + 2 < text.Length && (text[at + 1] | 0x20) == 'x';
            numberBase = hexadecimal ? 16u : 8u;
            at += hexadecimal ? 2 : 0;
        }

        int first = at;
        for (; at < text.Length; at++)
        {
            uint digit = Digit(text[at]);
            if (digit >= numberBase || value > (ulong.MaxValue - digit) / numberBase)
            {
                return false;
            }

            value = (value * numberBase) + digit;
        }

        value = negative ? 0 - value : value;
        return at > first;
    }

    private static uint Digit(byte character)
    {
        uint letter = (uint)(character | 0x20) - 'a';
        return character is >= (byte)'0' and <= (byte)'9' ? (uint)(character - '0')
            : letter < 6 ? letter + 10
            : uint.MaxValue;
    }
}
