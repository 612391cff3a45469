using System.Collections.Generic;

namespace Quarry.Cli.Statistics;

/// <summary>The statistics file of one process, as libquarry.so writes it. Sizes are in bytes.</summary>
internal sealed record ProcessStatistics
{
    /// <summary>The version of the format that this tool reads.</summary>
    internal const int CurrentVersion = 2;

    public int Version { get; init; }

    public int Pid { get; init; }

    public int Parent { get; init; }

    public string Program { get; init; } = "";

    /// <summary>
    /// Gets a value that indicates whether the record was written at exit; a killed process leaves its last
    /// periodic record.
    /// </summary>
    public bool Final { get; init; }

    public long ResidentBytes { get; init; }

    public long PeakResidentBytes { get; init; }

    /// <summary>
    /// Gets the statistics of the heap by the names of <c>quarry.h</c>. A newer library may have more.
    /// </summary>
    public IReadOnlyDictionary<string, long> Heap { get; init; } = new Dictionary<string, long>();

    /// <summary>Gets the size classes in use so far, by size.</summary>
    public IReadOnlyList<SizeClassStatistics> Classes { get; init; } = [];

    internal long this[string name] => Heap.GetValueOrDefault(name);
}
