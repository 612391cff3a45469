using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Cli.Profiles.Recording;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Live;

/// <summary>Reads the figures of a process from its profile file.</summary>
/// <param name="process">The process.</param>
/// <param name="sites">The number of sites to show.</param>
internal sealed class LiveProfile(TargetProcess process, int sites) : ILiveSource
{
    private readonly LiveNames _names = new(process);
    private ProfileFile? _file;
    private LiveFigures? _figures;
    private long _ticks;
    private double _passed;
    private Dictionary<ulong, RecordedSite> _previousSites = [];

    public bool IsRunning => process.IsRunning;

    public LiveFigures Read(LiveOrder order)
    {
        ProfileFile file = LiveFile.Read(process);
        long ticks = Environment.TickCount64;
        double age = Math.Max(0, (DateTimeOffset.UtcNow - file.StartTime).TotalSeconds);
        RecordedStatistics now = file.Statistics;
        RecordedStatistics before = _file?.Statistics ?? new RecordedStatistics();
        _passed = Math.Max(_file is null ? age : (ticks - _ticks) / 1000.0, 0.001);
        _previousSites = _file?.Sites.DistinctBy(SiteKey.Of).ToDictionary(SiteKey.Of) ?? [];
        (_file, _ticks) = (file, ticks);
        _figures = new LiveFigures
        {
            Pid = process.Id,
            Program = Path.GetFileName(file.Program),
            Seconds = age,
            Mode = file.Mode.ToString().ToLowerInvariant(),
            SampleInterval = file.SampleInterval,
            InUseBytes = now.InUseBytes,
            InUseBlocks = now.InUseBlocks,
            PeakBytes = now.PeakUsedBytes,
            CommittedBytes = now.CommittedBytes,
            ResidentBytes = now.ResidentBytes,
            PeakResidentBytes = now.PeakResidentBytes,
            Threads = now.Threads,
            Allocations = now.Allocations,
            AllocatedBytes = now.AllocatedBytes,
            AllocationsPerSecond = (now.Allocations - before.Allocations) / _passed,
            AllocatedBytesPerSecond = (now.AllocatedBytes - before.AllocatedBytes) / _passed,
            InUseBytesPerSecond = (now.InUseBytes - before.InUseBytes) / _passed,
            ProcessorShare = (now.ProcessorTime - before.ProcessorTime).TotalSeconds / _passed,
        };
        return Arrange(order);
    }

    public LiveFigures Arrange(LiveOrder order)
    {
        if (_file is null || _figures is null)
        {
            return Read(order);
        }

        RecordedSite[] top =
        [
            .. _file.Sites.Where(site => !site.Stack.IsAdHoc)
                .Select(site => (Site: site, Value: Value(site, order))).Where(pair => pair.Value > 0)
                .OrderByDescending(pair => pair.Value).Take(sites).Select(pair => pair.Site),
        ];
        _names.Learn(_file, top);
        return _figures with
        {
            Sites =
            [
                .. top.Select(site => new LiveSite(
                    site.LiveBytes, site.LiveBlocks, Growth(site), Allocated(site), _names.Functions(site))),
            ],
        };
    }

    private double Value(RecordedSite site, LiveOrder order) => order switch
    {
        LiveOrder.Growth => Growth(site),
        LiveOrder.Allocated => Allocated(site),
        _ => site.LiveBytes,
    };

    private double Growth(RecordedSite site) => (site.LiveBytes - (Before(site)?.LiveBytes ?? 0)) / _passed;

    private double Allocated(RecordedSite site) => (site.Bytes - (Before(site)?.Bytes ?? 0)) / _passed;

    private RecordedSite? Before(RecordedSite site) => _previousSites.GetValueOrDefault(SiteKey.Of(site));
}
