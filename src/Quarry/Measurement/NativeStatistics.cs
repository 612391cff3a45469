using System.Collections.Generic;

namespace Quarry;

/// <summary>What a section took from a source of native memory. Sizes are in bytes.</summary>
public readonly struct NativeStatistics
{
    private readonly IReadOnlyList<SizeStatistics>? _sizes;
    private readonly IReadOnlyList<NativeSite>? _sites;

    /// <summary>The name of the source.</summary>
    public required string Name { get; init; }

    /// <summary>See <see cref="MemorySource.IsExact"/>.</summary>
    public required bool IsExact { get; init; }

    /// <summary>What happened in the section.</summary>
    public required AllocationStatistics Statistics { get; init; }

    /// <summary>
    /// The most bytes in use at once beyond those in use at the beginning; 0 if never more were.
    /// </summary>
    public required long PeakBytes { get; init; }

    /// <summary>What happened, by size; empty where the source does not count by size.</summary>
    public IReadOnlyList<SizeStatistics> Sizes
    {
        get => _sizes ?? [];
        init => _sizes = value;
    }

    /// <summary>
    /// Gets the call stacks that allocated, those that left most bytes first; empty unless
    /// <see cref="MemorySource.RecordsSites"/> is set.
    /// </summary>
    public IReadOnlyList<NativeSite> Sites
    {
        get => _sites ?? [];
        init => _sites = value;
    }

    /// <summary>Bytes more in use than at the beginning; negative if less.</summary>
    public long LeftBytes => Statistics.CurrentBytes;
}
