using System.Collections.Generic;
using System.Linq;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Model;

/// <summary>What happened between two profiles of one process.</summary>
internal static class ProfileDelta
{
    /// <summary>Gets the growth of the sites; those without any are left out.</summary>
    internal static SymbolizedSite[] Growth(Profile before, Profile after) =>
        [.. Subtract(before, after, keepsLive: false)];

    /// <summary>Gets the sites with what they allocated meanwhile, and what they hold at the end.</summary>
    internal static SymbolizedSite[] Activity(Profile before, Profile after) =>
        [.. Subtract(before, after, keepsLive: true)];

    private static IEnumerable<SymbolizedSite> Subtract(Profile before, Profile after, bool keepsLive)
    {
        Dictionary<ulong, RecordedSite> earlier =
            before.Sites.Select(site => site.Figures).DistinctBy(SiteKey.Of).ToDictionary(SiteKey.Of);
        foreach (SymbolizedSite site in after.Sites)
        {
            RecordedSite now = site.Figures;
            RecordedSite figures = earlier.GetValueOrDefault(SiteKey.Of(now)) is not { } then ? now : now with
            {
                Bytes = now.Bytes - then.Bytes,
                Blocks = now.Blocks - then.Blocks,
                LiveBytes = now.LiveBytes - (keepsLive ? 0 : then.LiveBytes),
                LiveBlocks = now.LiveBlocks - (keepsLive ? 0 : then.LiveBlocks),
            };
            if (figures is not { Bytes: 0, Blocks: 0, LiveBytes: 0, LiveBlocks: 0 })
            {
                yield return site with { Figures = figures };
            }
        }
    }
}
