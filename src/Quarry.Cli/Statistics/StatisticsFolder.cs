using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Running;

namespace Quarry.Cli.Statistics;

/// <summary>
/// A private folder in which the processes of a run leave their figures; gone when disposed.
/// </summary>
internal sealed class StatisticsFolder : IDisposable
{
    private const string FileName = "process";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quarry-");

    internal string FullName => _folder.FullName;

    /// <summary>Has the allocator of every process with this environment write here.</summary>
    internal void Announce(EnvironmentBlock environment) =>
        environment.Set("QUARRY_STATS", Path.Combine(FullName, FileName));

    /// <summary>The figures of one process first, if it left any, then those of the others by id.</summary>
    internal List<HeapStatistics> Read(int first) =>
    [
        .. _folder.EnumerateFiles(FileName + ".*")
            .Select(f => Parse(File.ReadAllBytes(f.FullName)))
            .OfType<HeapStatistics>()
            .OrderBy(s => s.Pid != first)
            .ThenBy(s => s.Pid),
    ];

    /// <summary>
    /// Reads one snapshot; null when it is incomplete, as of a process killed while it wrote.
    /// </summary>
    internal static HeapStatistics? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            HeapStatistics? statistics =
                JsonSerializer.Deserialize(json, StatisticsJson.Default.HeapStatistics);
            return statistics is { Version: HeapStatistics.CurrentVersion } ? statistics : null;
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
            // A child that outlives the program wrote while this deleted; what it left is deleted now.
            if (_folder.Exists)
            {
                _folder.Delete(recursive: true);
            }
        }
    }
}
