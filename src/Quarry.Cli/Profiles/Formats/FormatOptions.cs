using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>What the user chose for a report.</summary>
internal sealed record FormatOptions
{
    /// <summary>The figure to order by; null for the usual ones of the format.</summary>
    internal SiteMetric? Sort { get; init; }

    /// <summary>The number of sites to show; null for the usual one of the format.</summary>
    internal int? Top { get; init; }

    /// <summary>Whether each frame of the .NET runtime is shown.</summary>
    internal bool ShowRuntime { get; init; }
}
