using System.Collections.Generic;

namespace Quarry.Cli.Statistics;

/// <summary>What libquarry.so tells of one process. Sizes are in bytes.</summary>
internal sealed record HeapStatistics
{
    /// <summary>The format this tool reads.</summary>
    internal const int CurrentVersion = 1;

    public int Version { get; init; }

    public int Pid { get; init; }

    public int Parent { get; init; }

    public string Program { get; init; } = "";

    /// <summary>Written at exit; a killed process leaves an earlier snapshot.</summary>
    public bool Final { get; init; }

    /// <summary>All bytes handed out over the life of the program, rounded up to size classes.</summary>
    public long Requested { get; init; }

    public long Allocations { get; init; }

    public long Frees { get; init; }

    public long InUse { get; init; }

    public long InUseBlocks { get; init; }

    /// <summary>The most bytes in pages that held blocks.</summary>
    public long Peak { get; init; }

    public long Committed { get; init; }

    public long Mapped { get; init; }

    public long Resident { get; init; }

    public long PeakResident { get; init; }

    public int Threads { get; init; }

    /// <summary>The size classes that were used, by size.</summary>
    public IReadOnlyList<SizeClassStatistics> Classes { get; init; } = [];

    public LargeStatistics Large { get; init; } = new(0, 0, 0);
}
