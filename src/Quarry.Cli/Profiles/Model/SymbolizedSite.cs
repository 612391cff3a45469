using System.Collections.Generic;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Model;

/// <summary>A site with the names of its frames.</summary>
/// <param name="Figures">The figures of the site.</param>
/// <param name="Frames">The frames, innermost first, inlined ones included.</param>
internal sealed record SymbolizedSite(RecordedSite Figures, IReadOnlyList<Frame> Frames)
{
    /// <summary>
    /// The frames of each address, innermost first: functions that were inlined, then their caller.
    /// </summary>
    internal IEnumerable<IReadOnlyList<Frame>> Addresses
    {
        get
        {
            List<Frame> group = [];
            foreach (Frame frame in Frames)
            {
                group.Add(frame);
                if (!frame.IsInlined)
                {
                    yield return group;
                    group = [];
                }
            }

            if (group.Count > 0)
            {
                yield return group;
            }
        }
    }
}
