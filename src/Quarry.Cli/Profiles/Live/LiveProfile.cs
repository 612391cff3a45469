using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Quarry.Cli.Profiles.Recording;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Live;

/// <summary>Reads the figures of a process from its profile file.</summary>
/// <param name="process">The process.</param>
/// <param name="sites">The number of sites to show.</param>
internal sealed class LiveProfile(TargetProcess process, int sites) : ILiveSource
{
    // An idle process does not answer, and its figures do not change.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(120);

    private readonly LiveNames _names = new(process);
    private ProfileFile? _previous;
    private long _previousTicks;
    private Dictionary<ulong, RecordedSite> _previousSites = [];

    public bool IsRunning => process.IsRunning;

    public LiveFigures Read()
    {
        Update();
        ProfileFile file = Open();
        long ticks = Environment.TickCount64;
        double age = Math.Max(0, (DateTimeOffset.UtcNow - file.StartTime).TotalSeconds);
        double passed = Math.Max(_previous is null ? age : (ticks - _previousTicks) / 1000.0, 0.001);
        RecordedStatistics now = file.Statistics;
        RecordedStatistics before = _previous?.Statistics ?? new RecordedStatistics();
        LiveFigures figures = new()
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
            AllocationsPerSecond = (now.Allocations - before.Allocations) / passed,
            AllocatedBytesPerSecond = (now.AllocatedBytes - before.AllocatedBytes) / passed,
            InUseBytesPerSecond = (now.InUseBytes - before.InUseBytes) / passed,
            ProcessorShare = (now.ProcessorTime - before.ProcessorTime).TotalSeconds / passed,
            Sites = Sites(file, passed),
        };
        _previous = file;
        _previousTicks = ticks;
        return figures;
    }

    public void Dispose()
    {
        // Nothing is kept open between two looks, so that others can control the process meanwhile.
    }

    private LiveSite[] Sites(ProfileFile file, double passed)
    {
        RecordedSite[] top =
        [
            .. file.Sites.Where(s => s.LiveBytes > 0 && !s.Stack.IsAdHoc)
                .OrderByDescending(s => s.LiveBytes).Take(sites),
        ];
        LiveSite[] shown =
        [
            .. top.Zip(_names.Of(file, top), (site, frames) => new LiveSite(
                site.LiveBytes,
                site.LiveBlocks,
                (site.LiveBytes - (Before(site)?.LiveBytes ?? 0)) / passed,
                (site.Bytes - (Before(site)?.Bytes ?? 0)) / passed,
                frames)),
        ];
        _previousSites = file.Sites.DistinctBy(Key).ToDictionary(Key);
        return shown;
    }

    private RecordedSite? Before(RecordedSite site) => _previousSites.GetValueOrDefault(Key(site));

    /// <summary>A site is its stack, which is read anew each time.</summary>
    private static ulong Key(RecordedSite site)
    {
        HashCode hash = default;
        foreach (ulong address in site.Stack.ReturnAddresses)
        {
            hash.Add(address);
        }

        return ((ulong)site.Stack.Time.Ticks << 32) ^ (uint)hash.ToHashCode();
    }

    private ProfileFile Open()
    {
        try
        {
            return ProfileFile.Open(process.ProfileFile);
        }
        catch (ProfileFormatException e)
        {
            throw new QuarryException($"{process.ProfileFile}: {e.Message}");
        }
    }

    /// <summary>Asks for fresh figures. Without permission, those of the last slow path are shown.</summary>
    private void Update()
    {
        try
        {
            using ProfileController controller = ProfileController.Open(process.ProfileFile);
            _ = controller.Send(RecordingCommand.Update, 0, s_patience, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another program controls the process, and may be recording it.
        }
    }
}
