using System;
using System.Globalization;
using System.IO;
using Quarry.Cli.Statistics;
using Quarry.Tools;
using Quarry.Tools.Posix;

namespace Quarry.Cli.Profiles.Live;

/// <summary>
/// Reads the figures of a process from the record that <c>QUARRY_STATS</c> makes it write: no sites.
/// </summary>
internal sealed class LiveRecord : ILiveSource
{
    private readonly int _id;
    private readonly string _path;
    private LiveFigures? _previous;
    private long _previousTicks;

    private LiveRecord(int id, string path) => (_id, _path) = (id, path);

    public bool IsRunning => Directory.Exists($"/proc/{_id}");

    /// <summary>Finds the record of a process; null if it writes none, or may not be seen.</summary>
    internal static LiveRecord? TryFind(int id)
    {
        try
        {
            const string Variable = "QUARRY_STATS=";
            foreach (byte[] entry in ProcFile.ReadStrings($"/proc/{id}/environ"))
            {
                string text = System.Text.Encoding.UTF8.GetString(entry);
                if (text.StartsWith(Variable, StringComparison.Ordinal))
                {
                    string path = string.Create(
                        CultureInfo.InvariantCulture, $"{text[Variable.Length..]}.{id}");
                    return File.Exists(path) ? new LiveRecord(id, path) : null;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As if there were none.
        }

        return null;
    }

    public LiveFigures Read(LiveOrder order)
    {
        ProcessStatistics record = StatisticsFolder.Parse(File.ReadAllBytes(_path)) ??
            throw new QuarryException($"{_path}: not a statistics record of this version");
        long ticks = Environment.TickCount64;
        double age = (DateTime.UtcNow - Directory.GetCreationTimeUtc($"/proc/{_id}")).TotalSeconds;
        double passed = Math.Max(_previous is null ? age : (ticks - _previousTicks) / 1000.0, 0.001);
        LiveFigures figures = new()
        {
            Pid = _id,
            Program = record.Program,
            Seconds = age,
            InUseBytes = record["in_use_bytes"],
            InUseBlocks = record["in_use_blocks"],
            PeakBytes = record["peak_bytes"],
            CommittedBytes = record["committed_bytes"],
            ResidentBytes = record.ResidentBytes,
            PeakResidentBytes = record.PeakResidentBytes,
            Threads = record["threads"],
            Allocations = record["allocations"],
            AllocatedBytes = record["requested_bytes"],
            AllocationsPerSecond = (record["allocations"] - (_previous?.Allocations ?? 0)) / passed,
            AllocatedBytesPerSecond = (record["requested_bytes"] - (_previous?.AllocatedBytes ?? 0)) / passed,
            InUseBytesPerSecond = (record["in_use_bytes"] - (_previous?.InUseBytes ?? 0)) / passed,
        };
        _previous = figures;
        _previousTicks = ticks;
        return figures;
    }

    public LiveFigures Arrange(LiveOrder order) => _previous ?? Read(order);
}
