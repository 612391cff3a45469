using System;
using System.Globalization;

namespace Quarry.Tools.Output;

/// <summary>Times, as people read them.</summary>
internal static class Duration
{
    /// <summary>Three significant digits or so: "0.42 ms", "12.3 ms", "1.23 s", "345 s".</summary>
    internal static string Format(TimeSpan time) => time.TotalSeconds switch
    {
        < 0.01 => Format(time.TotalMilliseconds, "0.00", "ms"),
        < 0.1 => Format(time.TotalMilliseconds, "0.0", "ms"),
        < 1 => Format(time.TotalMilliseconds, "0", "ms"),
        < 10 => Format(time.TotalSeconds, "0.00", "s"),
        < 100 => Format(time.TotalSeconds, "0.0", "s"),
        _ => Format(time.TotalSeconds, "0", "s"),
    };

    /// <summary>Reads "500ms", "30s", "5m", "1h", or a number of seconds; null otherwise.</summary>
    internal static TimeSpan? Parse(string text)
    {
        string digits = text.TrimEnd('h', 'm', 's');
        double unit = text[digits.Length..] switch
        {
            "ms" => 0.001,
            "" or "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => 0,
        };
        const double LongestSeconds = 1e9;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out double value) && value * unit is > 0 and < LongestSeconds
            ? TimeSpan.FromSeconds(value * unit)
            : null;
    }

    private static string Format(double value, string digits, string unit) =>
        value.ToString(digits, CultureInfo.InvariantCulture) + " " + unit;
}
