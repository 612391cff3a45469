using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Quarry.Cli.Profiles.Recording;
using Quarry.Tools;
using Quarry.Tools.Posix;

namespace Quarry.Cli.Profiles.Live;

/// <summary>
/// The processes whose profiles are taken: those with the given IDs, or all that have a profile file. An
/// instance can be used by several threads at once.
/// </summary>
internal sealed class WatchedProcesses
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<int> _ids;
    private readonly Dictionary<int, ProfileTaker> _takers = [];

    /// <summary>Finds the processes.</summary>
    /// <param name="ids">The IDs; empty for all processes, also those that start later.</param>
    /// <exception cref="QuarryException">One of the processes has no profile file.</exception>
    internal WatchedProcesses(IReadOnlyList<int> ids)
    {
        _ids = ids;
        foreach (int id in ids)
        {
            _takers[id] = new ProfileTaker(TargetProcess.Find(id));
        }
    }

    /// <summary>Whether all processes of this machine are meant.</summary>
    internal bool AreAll => _ids.Count == 0;

    /// <summary>Gets the processes that run at this moment, by ascending ID.</summary>
    internal IReadOnlyList<ProfileTaker> Running()
    {
        lock (_lock)
        {
            foreach (int ended in _takers.Where(t => !t.Value.Process.IsRunning).Select(t => t.Key).ToArray())
            {
                _takers.Remove(ended);
            }

            if (AreAll)
            {
                Discover();
            }

            return [.. _takers.Values.OrderBy(taker => taker.Process.Id)];
        }
    }

    private void Discover()
    {
        foreach ((int id, _, _) in ProcFile.Processes())
        {
            try
            {
                TargetProcess found = TargetProcess.Find(id);
                if (!_takers.TryGetValue(id, out ProfileTaker? known) || known.Process != found)
                {
                    _takers[id] = new ProfileTaker(found);
                }
            }
            catch (QuarryException)
            {
                // It does not run on libquarry.so, has no profile file, or belongs to another user.
            }
        }
    }
}
