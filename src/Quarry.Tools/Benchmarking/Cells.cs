using System;
using System.Globalization;
using Quarry.Tools.Output;

namespace Quarry.Tools.Benchmarking;

/// <summary>The figures of a result as the words of a table.</summary>
internal static class Cells
{
    internal const string None = "-";

    internal static string Seconds(double seconds) => Duration.Format(TimeSpan.FromSeconds(seconds));

    internal static string Ratio(double? ratio) =>
        ratio is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) + "×" : None;

    internal static string Spread(Sample sample) =>
        (sample.Spread * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
