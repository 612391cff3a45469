using System;
using System.Collections.Generic;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Cli.Profiles.Names;
using Quarry.Cli.Profiles.Recording;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Live;

/// <summary>Names the frames of the sites that are shown, each address once.</summary>
internal sealed class LiveNames(TargetProcess process)
{
    // A rundown takes a quarter of a second of the process.
    private const long MillisecondsBetweenRundowns = 30_000;

    private bool _isManaged = true;
    private readonly Dictionary<ulong, IReadOnlyList<Frame>> _frames = [];
    private ManagedCode _managed = ManagedCode.None;
    private long _lastRundown = long.MinValue / 2;

    /// <summary>Gets the functions of each site, innermost first; none of the .NET runtime.</summary>
    internal IEnumerable<IReadOnlyList<string>> Of(ProfileFile file, IReadOnlyList<RecordedSite> sites)
    {
        RecordedSite[] fresh =
            [.. sites.Where(s => s.Stack.ReturnAddresses.Any(a => !_frames.ContainsKey(a - 1)))];
        if (fresh.Length > 0)
        {
            ReadManaged();
            foreach ((ulong address, IReadOnlyList<Frame> frames) in
                new NameResolver(file, _managed, process.Root).Resolve(fresh, _ => { }))
            {
                _frames[address] = frames;
            }
        }

        return sites.Select(Functions);
    }

    private void ReadManaged()
    {
        long now = Environment.TickCount64;
        if (_isManaged && now - _lastRundown >= MillisecondsBetweenRundowns)
        {
            _lastRundown = now;
            RuntimeEvents events = new();
            _isManaged = Rundown.TryRead(process.Id, events);
            _managed = ManagedCode.Of(events.Methods(), process.Root);
        }
    }

    private string[] Functions(RecordedSite site) =>
    [
        .. OnStackReplacement.Merge(site.Stack.ReturnAddresses.SelectMany(a => _frames[a - 1]))
            .Where(f => f.Kind != FrameKind.Runtime).Select(f => f.Function),
    ];
}
