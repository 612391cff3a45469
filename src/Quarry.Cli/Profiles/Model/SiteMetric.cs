using System;
using System.Collections.Generic;
using System.Linq;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Model;

/// <summary>A figure by which sites are ordered and weighed.</summary>
/// <param name="Name">The name, as a value of <c>--sort</c>.</param>
/// <param name="Title">The title in reports.</param>
/// <param name="IsBytes">Whether it is a size in bytes; otherwise a number of blocks.</param>
/// <param name="Value">Gets the figure.</param>
/// <param name="Blocks">Gets the number of blocks that belongs to the figure.</param>
/// <param name="Error">Gets the standard error of the figure; 0 if it is exact or unknown.</param>
internal sealed record SiteMetric(
    string Name, string Title, bool IsBytes,
    Func<RecordedSite, double> Value, Func<RecordedSite, double> Blocks, Func<RecordedSite, double> Error)
{
    internal static SiteMetric Live { get; } = new(
        "live", "in use", true, site => site.LiveBytes, site => site.LiveBlocks, site => site.LiveBytesError);

    internal static SiteMetric Total { get; } = new(
        "total", "allocated", true, site => site.Bytes, site => site.Blocks, site => site.BytesError);

    internal static SiteMetric Peak { get; } = new(
        "peak", "in use at the peak", true, site => site.AtPeakBytes, site => site.AtPeakBlocks, _ => 0);

    internal static SiteMetric Count { get; } = new(
        "count", "allocations", false, site => site.Blocks, site => site.Blocks, _ => 0);

    internal static SiteMetric Temporary { get; } = new(
        "temporary", "temporary allocations", false,
        site => site.TemporaryBlocks, site => site.TemporaryBlocks, _ => 0);

    internal static IReadOnlyList<SiteMetric> All { get; } = [Live, Total, Peak, Count, Temporary];

    internal static string Names => string.Join(", ", All.Select(metric => metric.Name));
}
