namespace Quarry;

/// <summary>
/// Represents the statistics of an allocator at one moment, or their change between two moments.
/// </summary>
/// <remarks>
/// Bytes are those of the requested layouts, before rounding by the allocator. To measure a section of code,
/// subtract the value before it from the value after it. Any member of a difference can be negative.
/// </remarks>
public readonly struct AllocationStatistics
{
    /// <summary>Gets the number of blocks allocated, including reallocations of null.</summary>
    public long Allocations { get; init; }

    /// <summary>Gets the number of blocks freed.</summary>
    public long Deallocations { get; init; }

    /// <summary>Gets the number of blocks resized, whether moved or not.</summary>
    public long Reallocations { get; init; }

    /// <summary>Gets the total number of bytes allocated, by allocating and by growing blocks.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Gets the total number of bytes freed, by freeing and by shrinking blocks.</summary>
    public long DeallocatedBytes { get; init; }

    /// <summary>Gets the number of blocks in use.</summary>
    public long CurrentBlocks { get; init; }

    /// <summary>Gets the number of bytes in use.</summary>
    public long CurrentBytes { get; init; }

    /// <summary>
    /// Gets the maximum number of bytes in use at once; in a difference, the increase of the maximum.
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
