using System;
using System.Collections.Generic;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Cli.Profiles.Names;
using Quarry.Cli.Profiles.Recording;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Live;

/// <summary>Names the frames of a running process, each address once.</summary>
internal sealed class LiveNames(TargetProcess process) : IFrameResolver
{
    // A rundown takes a quarter of a second of the process.
    private const long MillisecondsBetweenRundowns = 60_000;

    private bool _isManaged = true;
    private readonly Dictionary<ulong, IReadOnlyList<Frame>> _frames = [];
    private ManagedCode _managed = ManagedCode.None;
    private long _lastRundown = long.MinValue / 2;

    /// <summary>Names the frames of sites, so that <see cref="Resolve"/> finds them.</summary>
    internal void Learn(ProfileFile file, IEnumerable<RecordedSite> sites)
    {
        RecordedSite[] all = [.. sites];
        bool IsFresh(RecordedSite site) =>
            site.Stack.ReturnAddresses.Any(next => !_frames.ContainsKey(next - 1));
        if (all.Any(IsFresh))
        {
            ReadManaged();
            RecordedSite[] fresh = [.. all.Where(IsFresh)];
            foreach ((ulong address, IReadOnlyList<Frame> frames) in
                new NameResolver(file, _managed, process.Root).Resolve(fresh, _ => { }))
            {
                _frames[address] = frames;
            }
        }
    }

    public IReadOnlyList<Frame> Resolve(ulong address, TimeSpan time) =>
        _frames.GetValueOrDefault(address, []);

    /// <summary>Gets the functions of a site, innermost first; none of the .NET runtime.</summary>
    internal IReadOnlyList<string> Functions(RecordedSite site) =>
    [
        .. OnStackReplacement.Merge(
            site.Stack.ReturnAddresses.SelectMany(next => Resolve(next - 1, site.Stack.Time)))
            .Where(frame => frame.Kind != FrameKind.Runtime).Select(frame => frame.Function),
    ];

    private void ReadManaged()
    {
        long now = Environment.TickCount64;
        if (_isManaged && now - _lastRundown >= MillisecondsBetweenRundowns)
        {
            _lastRundown = now;
            RuntimeEvents events = new();
            _isManaged = Rundown.TryRead(process.Id, events);
            _managed = ManagedCode.Of(events.Methods(), process.Root);

            // What had no name may be a method that was compiled after the previous rundown.
            foreach (ulong address in _frames.Where(f => f.Value.All(IsUnnamed)).Select(f => f.Key).ToArray())
            {
                _frames.Remove(address);
            }
        }
    }

    private static bool IsUnnamed(Frame frame) => frame.Module.Length == 0;
}
