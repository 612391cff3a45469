using System.Collections.Generic;
using System.Linq;

namespace Quarry.Cli.Profiles.Model;

/// <summary>
/// Two profiles of the same program, at two times or of two runs. Stacks are the same if their functions and
/// modules are; addresses and lines may differ, so that other load addresses and small changes do not matter.
/// </summary>
internal sealed class ProfileDiff(Profile before, Profile after)
{
    internal Profile Before { get; } = before;

    internal Profile After { get; } = after;

    /// <summary>The stacks of both profiles, without order.</summary>
    internal IReadOnlyList<DiffSite> Sites { get; } = Match(before, after);

    /// <summary>Whether figures have standard errors.</summary>
    internal bool IsSampled => Before.IsSampled || After.IsSampled;

    private static DiffSite[] Match(Profile before, Profile after)
    {
        ILookup<string, SymbolizedSite> earlier = before.Sites.ToLookup(Key);
        ILookup<string, SymbolizedSite> later = after.Sites.ToLookup(Key);
        return
        [
            .. later.Select(group => group.Key).Union(earlier.Select(group => group.Key)).Select(key =>
                new DiffSite(
                    (later[key].FirstOrDefault() ?? earlier[key].First()).Frames,
                    [.. earlier[key]],
                    [.. later[key]])),
        ];
    }

    private static string Key(SymbolizedSite site) => string.Join(
        '\n', site.Frames.Select(frame => $"{frame.Identity.Function}\t{frame.Identity.Module}"));
}
