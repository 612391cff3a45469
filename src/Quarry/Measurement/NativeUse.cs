namespace Quarry;

/// <summary>What a section took from a source of native memory. Sizes are in bytes.</summary>
public readonly record struct NativeUse
{
    /// <summary>The name of the source.</summary>
    public required string Name { get; init; }

    /// <summary>See <see cref="MemorySource.IsExact"/>.</summary>
    public required bool IsExact { get; init; }

    /// <summary>What happened in the section.</summary>
    public required AllocationCounts Counts { get; init; }

    /// <summary>
    /// The most bytes in use at once beyond those in use at the beginning; 0 if never more were.
    /// </summary>
    public required long PeakBytes { get; init; }

    /// <summary>Bytes more in use than at the beginning; negative if less.</summary>
    public long LeftBytes => Counts.CurrentBytes;
}
