using System.Collections.Generic;

namespace Quarry.Cli.Profiles.Live;

/// <summary>The figures of a running process at one moment. Sizes are in bytes.</summary>
internal sealed record LiveFigures
{
    public required int Pid { get; init; }

    public required string Program { get; init; }

    /// <summary>Gets the age of the process.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets "off", "sampled" or "exact"; null if the process cannot record.</summary>
    public string? Mode { get; init; }

    public long? SampleInterval { get; init; }

    public required long InUseBytes { get; init; }

    public required long InUseBlocks { get; init; }

    public required long PeakBytes { get; init; }

    public required long CommittedBytes { get; init; }

    public required long ResidentBytes { get; init; }

    public required long PeakResidentBytes { get; init; }

    public required long Threads { get; init; }

    public required long Allocations { get; init; }

    public required long AllocatedBytes { get; init; }

    /// <summary>Gets the rate since the previous reading; at the first one, since the start.</summary>
    public double AllocationsPerSecond { get; init; }

    public double AllocatedBytesPerSecond { get; init; }

    public double InUseBytesPerSecond { get; init; }

    /// <summary>Gets the processor time since the previous reading, as a share of one processor.</summary>
    public double? ProcessorShare { get; init; }

    /// <summary>Gets the sites that hold most memory, if the process records.</summary>
    public IReadOnlyList<LiveSite> Sites { get; init; } = [];
}
