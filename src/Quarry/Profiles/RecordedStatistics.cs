using System;

namespace Quarry.Profiles;

/// <summary>
/// Represents the statistics of the heap and the process, whether an allocation was recorded or not. Sizes
/// are in bytes.
/// </summary>
public sealed record RecordedStatistics
{
    /// <summary>Gets the usable size of the blocks in use.</summary>
    public long InUseBytes { get; init; }

    /// <summary>Gets the number of blocks in use.</summary>
    public long InUseBlocks { get; init; }

    /// <summary>Gets the size of the slices and mappings in use.</summary>
    public long UsedBytes { get; init; }

    /// <summary>Gets the highest value of <see cref="UsedBytes"/>.</summary>
    public long PeakUsedBytes { get; init; }

    /// <summary>Gets the memory that the heap has committed.</summary>
    public long CommittedBytes { get; init; }

    /// <summary>Gets the resident memory of the process.</summary>
    public long ResidentBytes { get; init; }

    /// <summary>Gets the highest resident memory of the process.</summary>
    public long PeakResidentBytes { get; init; }

    /// <summary>Gets the number of allocations since the start of the process.</summary>
    public long Allocations { get; init; }

    /// <summary>Gets the number of frees since the start of the process.</summary>
    public long Frees { get; init; }

    /// <summary>Gets the size of all allocations since the start of the process.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Gets the number of thread heaps in use.</summary>
    public long Threads { get; init; }

    /// <summary>Gets the processor time of the process.</summary>
    public TimeSpan ProcessorTime { get; init; }

    /// <summary>
    /// Gets the time at which these statistics were written, relative to the start; <see langword="null"/> if
    /// they were never written.
    /// </summary>
    public TimeSpan? Time { get; init; }
}
