namespace Quarry;

/// <summary>Represents what was allocated and freed, up to a moment or between two moments.</summary>
/// <remarks>
/// Bytes are those of the requested layouts, before rounding by the allocator. To get the statistics of a
/// section of code, subtract the value before it from the value after it. Any member of a difference can be
/// negative.
/// </remarks>
public readonly struct AllocationStatistics
{
    /// <summary>The number of blocks allocated. A reallocation counts only if it was one of null.</summary>
    public long Allocations { get; init; }

    /// <summary>The number of blocks freed.</summary>
    public long Deallocations { get; init; }

    /// <summary>The number of blocks resized, whether moved or not.</summary>
    public long Reallocations { get; init; }

    /// <summary>The total number of bytes allocated, by allocating and by growing blocks.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>The total number of bytes freed, by freeing and by shrinking blocks.</summary>
    public long DeallocatedBytes { get; init; }

    /// <summary>The number of blocks in use.</summary>
    public long CurrentBlocks { get; init; }

    /// <summary>The number of bytes in use.</summary>
    public long CurrentBytes { get; init; }

    /// <summary>
    /// The maximum number of bytes in use at once; in a difference, the increase of the maximum.
    /// </summary>
    public long PeakBytes { get; init; }

    /// <summary>Subtracts each member of the earlier statistics from that of the later ones.</summary>
    public static AllocationStatistics operator -(
        AllocationStatistics later, AllocationStatistics earlier) => new()
        {
            Allocations = later.Allocations - earlier.Allocations,
            Deallocations = later.Deallocations - earlier.Deallocations,
            Reallocations = later.Reallocations - earlier.Reallocations,
            AllocatedBytes = later.AllocatedBytes - earlier.AllocatedBytes,
            DeallocatedBytes = later.DeallocatedBytes - earlier.DeallocatedBytes,
            CurrentBlocks = later.CurrentBlocks - earlier.CurrentBlocks,
            CurrentBytes = later.CurrentBytes - earlier.CurrentBytes,
            PeakBytes = later.PeakBytes - earlier.PeakBytes,
        };

    /// <summary>Subtracts each member of the earlier statistics from that of the later ones.</summary>
    public static AllocationStatistics Subtract(AllocationStatistics later, AllocationStatistics earlier) =>
        later - earlier;
}
