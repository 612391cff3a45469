using System.Collections.Generic;
using System.Linq;

namespace Quarry.Cli.Profiles.Model;

/// <summary>The sites that look the same in a report: with the same functions, files and lines.</summary>
/// <param name="Frames">The frames to show, innermost first.</param>
/// <param name="Sites">The sites.</param>
internal sealed record SiteGroup(IReadOnlyList<Frame> Frames, IReadOnlyList<SymbolizedSite> Sites)
{
    internal double Value(SiteMetric metric) => Sites.Sum(site => metric.Value(site.Figures));

    internal double Blocks(SiteMetric metric) => Sites.Sum(site => metric.Blocks(site.Figures));

    /// <summary>The standard error: sites are sampled independently of each other.</summary>
    internal double Error(SiteMetric metric) =>
        double.Sqrt(Sites.Sum(site => double.Pow(metric.Error(site.Figures), 2)));

    internal static IReadOnlyList<SiteGroup> Of(IEnumerable<SymbolizedSite> sites, bool showRuntime) =>
    [
        .. sites
            .Select(site => (Site: site, Frames: FoldedStack.Of(site.Frames, showRuntime)))
            .GroupBy(pair => string.Join('\n', pair.Frames.Select(Key)))
            .Select(group => new SiteGroup(group.First().Frames, [.. group.Select(pair => pair.Site)])),
    ];

    private static string Key(Frame frame) => $"{frame.Function}\t{frame.File}\t{frame.Line}\t{frame.Module}";
}
