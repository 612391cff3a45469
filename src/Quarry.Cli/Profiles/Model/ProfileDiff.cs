using System;
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

    /// <summary>The managed allocations; null if one of the profiles has none.</summary>
    internal IReadOnlyList<ManagedDiffSite>? Managed { get; } =
        before.Managed is null || after.Managed is null ? null : Match(before.Managed, after.Managed);

    /// <summary>Whether figures have standard errors.</summary>
    internal bool IsSampled => Before.IsSampled || After.IsSampled;

    private static DiffSite[] Match(Profile before, Profile after) =>
    [
        .. Match(before.Sites, after.Sites, site => Key(site.Frames)).Select(pair =>
            new DiffSite((pair.After.FirstOrDefault() ?? pair.Before[0]).Frames, pair.Before, pair.After)),
    ];

    private static ManagedDiffSite[] Match(ManagedAllocations before, ManagedAllocations after) =>
    [
        .. Match(before.Sites, after.Sites, site => $"{site.Type}\n{Key(site.Frames)}").Select(pair =>
        {
            ManagedSite shown = pair.After.FirstOrDefault() ?? pair.Before[0];
            return new ManagedDiffSite(shown.Type, shown.Frames, pair.Before, pair.After);
        }),
    ];

    private static IEnumerable<(T[] Before, T[] After)> Match<T>(
        IEnumerable<T> before, IEnumerable<T> after, Func<T, string> key)
    {
        ILookup<string, T> earlier = before.ToLookup(key), later = after.ToLookup(key);
        return later.Select(group => group.Key).Union(earlier.Select(group => group.Key))
            .Select(name => (earlier[name].ToArray(), later[name].ToArray()));
    }

    private static string Key(IReadOnlyList<Frame> frames) => string.Join(
        '\n', frames.Select(frame => $"{frame.Identity.Function}\t{frame.Identity.Module}"));
}
