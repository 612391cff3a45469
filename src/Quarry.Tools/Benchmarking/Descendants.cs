using System;
using System.Collections.Generic;
using System.Linq;
using Quarry.Tools.Posix;

namespace Quarry.Tools.Benchmarking;

/// <summary>
/// Ends what a run leaves behind: daemons, build servers. They would disturb the runs after it, or even
/// serve them on the wrong allocator.
/// </summary>
internal sealed class Descendants
{
    private readonly HashSet<int> _before;

    /// <summary>Begins before a run; children that this process has already are not the run's.</summary>
    internal Descendants()
    {
        // Orphans among the descendants become children of this process instead of going to init.
        _ = Libc.Prctl(Constants.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        _before = [.. Children()];
    }

    internal unsafe void End()
    {
        // Killing one makes its own children ours, until there are none.
        for (int[] left = NewChildren(); left.Length > 0; left = NewChildren())
        {
            foreach (int child in left)
            {
                int status;
                ResourceUsage usage;
                _ = Libc.Kill(child, Constants.SIGKILL);
                _ = Libc.Wait4(child, &status, 0, &usage);
            }
        }
    }

    private int[] NewChildren() => [.. Children().Where(c => !_before.Contains(c))];

    private static IEnumerable<int> Children() =>
        ProcFile.Processes().Where(p => p.Parent == Environment.ProcessId).Select(p => p.Id);
}
