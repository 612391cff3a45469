using System.Collections.Generic;
using System.Linq;

namespace Quarry.Cli.Profiles.Model;

/// <summary>The same stack in two profiles, or in one of them.</summary>
/// <param name="Frames">The frames, innermost first; those of the later profile if it has them.</param>
/// <param name="Before">The sites of the earlier profile.</param>
/// <param name="After">The sites of the later profile.</param>
internal sealed record DiffSite(
    IReadOnlyList<Frame> Frames, IReadOnlyList<SymbolizedSite> Before, IReadOnlyList<SymbolizedSite> After)
{
    internal double Growth(SiteMetric metric) => Sum(After, metric) - Sum(Before, metric);

    /// <summary>The growth of the number of blocks that belong to the metric.</summary>
    internal double BlocksGrowth(SiteMetric metric) =>
        After.Sum(site => metric.Blocks(site.Figures)) - Before.Sum(site => metric.Blocks(site.Figures));

    /// <summary>The standard error of the growth; 0 if both profiles are exact.</summary>
    internal double Error(SiteMetric metric) =>
        double.Sqrt(Before.Concat(After).Sum(site => double.Pow(metric.Error(site.Figures), 2)));

    internal static double Sum(IReadOnlyList<SymbolizedSite> sites, SiteMetric metric) =>
        sites.Sum(site => metric.Value(site.Figures));
}
