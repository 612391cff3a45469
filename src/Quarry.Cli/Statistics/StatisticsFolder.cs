using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Running;

namespace Quarry.Cli.Statistics;

/// <summary>A private folder in which the processes of a run write their statistics.</summary>
internal sealed class StatisticsFolder() : ReportFolder("QUARRY_STATS")
{
    /// <summary>Reads the statistics: those of one process first, if any, then the others by ID.</summary>
    internal List<ProcessStatistics> Read(int first) =>
    [
        .. Files
            // A process that is killed while it writes leaves a temporary file.
            .Where(f => !f.Name.EndsWith('~'))
            .Select(f => Parse(File.ReadAllBytes(f.FullName)))
            .OfType<ProcessStatistics>()
            .OrderBy(s => s.Pid != first)
            .ThenBy(s => s.Pid),
    ];

    /// <summary>
    /// Reads one record; null if it is incomplete, such as that of a process killed while it wrote.
    /// </summary>
    internal static ProcessStatistics? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            ProcessStatistics? statistics =
                JsonSerializer.Deserialize(json, StatisticsJson.Default.ProcessStatistics);
            return statistics is { Version: ProcessStatistics.CurrentVersion } ? statistics : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
