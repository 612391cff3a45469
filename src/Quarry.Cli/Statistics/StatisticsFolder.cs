using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Running;

namespace Quarry.Cli.Statistics;

/// <summary>
/// A private folder in which the processes of a run write their statistics; disposing deletes it.
/// </summary>
internal sealed class StatisticsFolder : IDisposable
{
    private const string FileName = "process";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quarry-");

    internal string FullName => _folder.FullName;

    /// <summary>Makes the allocator of each process with this environment write to the folder.</summary>
    internal void Announce(EnvironmentBlock environment) =>
        environment.Set("QUARRY_STATS", Path.Combine(FullName, FileName));

    /// <summary>Reads the statistics: those of one process first, if any, then the others by ID.</summary>
    internal List<ProcessStatistics> Read(int first) =>
    [
        .. _folder.EnumerateFiles(FileName + ".*")
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

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child that outlives the program wrote a file after the others were deleted.
            if (_folder.Exists)
            {
                _folder.Delete(recursive: true);
            }
        }
    }
}
