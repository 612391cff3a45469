using System;
using System.Globalization;

namespace Quarry.Tools.Output;

/// <summary>Sizes in bytes, as people read and write them.</summary>
internal static class ByteSize
{
    private static readonly string[] s_units = ["KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Three significant digits or so: "512 B", "1.50 KiB", "23.4 MiB", "345 GiB".</summary>
    internal static string Format(double bytes)
    {
        if (Math.Abs(bytes) < 1024)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B");
        }

        int unit = -1;
        do
        {
            bytes /= 1024;
            unit++;
        }
        while (Math.Abs(bytes) >= 1023.5 && unit < s_units.Length - 1);

        string digits = Math.Abs(bytes) switch
        {
            < 9.995 => "0.00",
            < 99.95 => "0.0",
            _ => "0",
        };
        return bytes.ToString(digits, CultureInfo.InvariantCulture) + " " + s_units[unit];
    }

    /// <summary>Reads "4096", "64K", "64KiB", "1G"...; null when it is none of these.</summary>
    internal static long? Parse(string text)
    {
        ReadOnlySpan<char> digits = text.AsSpan().TrimEnd("BbIi");
        int shift = digits.IsEmpty ? 0 : char.ToUpperInvariant(digits[^1]) switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            'T' => 40,
            _ => 0,
        };
        digits = shift == 0 ? text : digits[..^1];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value) &&
            value <= long.MaxValue >> shift
            ? value << shift
            : null;
    }
}
