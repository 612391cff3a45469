using System;
using System.Globalization;
using Quarry.Tools.Output;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>Figures as people read them.</summary>
internal static class FigureText
{
    /// <summary>"1.50 MiB", with the standard error if there is one: "1.50 MiB ± 200 KiB".</summary>
    internal static string Bytes(double bytes, double error = 0) =>
        ByteSize.Format(bytes) + (error > 0 ? " ± " + ByteSize.Format(error) : "");

    /// <summary>"1,234 blocks", "1 block".</summary>
    internal static string Count(double count, string noun) =>
        Invariant($"{Math.Round(count):N0} {noun}{(Math.Round(count) == 1 ? "" : "s")}");

    /// <summary>"42 %"; empty if the whole is 0.</summary>
    internal static string Share(double part, double whole) =>
        whole > 0 ? Invariant($"{100 * part / whole:0.0} %") : "";

    internal static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
