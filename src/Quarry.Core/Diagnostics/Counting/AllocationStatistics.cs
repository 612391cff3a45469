namespace Quarry;

/// <summary>What an allocator was asked for, up to a moment or between two moments.</summary>
/// <remarks>
/// Bytes are those asked for by layouts, not what the allocator rounds them up to. Subtracting an earlier
/// moment from a later one gives what happened between them, and every figure of a difference may be
/// negative: less may be in use afterwards.
/// </remarks>
public readonly struct AllocationStatistics
{
    /// <summary>Blocks taken; a reallocation is none, unless it is one of no block.</summary>
    public long Allocations { get; init; }

    /// <summary>Blocks given back.</summary>
    public long Deallocations { get; init; }

    /// <summary>Blocks whose size was changed, moved or not.</summary>
    public long Reallocations { get; init; }

    /// <summary>Bytes taken in total, by allocating and by growing.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Bytes given back in total, by deallocating and by shrinking.</summary>
    public long DeallocatedBytes { get; init; }

    /// <summary>Blocks in use.</summary>
    public long CurrentBlocks { get; init; }

    /// <summary>Bytes in use.</summary>
    public long CurrentBytes { get; init; }

    /// <summary>
    /// The most bytes that were in use at once; in a difference, by how much that has risen.
    /// </summary>
    public long PeakBytes { get; init; }

    /// <summary>What happened between two moments, figure by figure.</summary>
    public static AllocationStatistics operator -(AllocationStatistics later, AllocationStatistics earlier) => new()
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

    /// <summary>What happened between two moments: the operator by name.</summary>
    public static AllocationStatistics Subtract(AllocationStatistics later, AllocationStatistics earlier) =>
        later - earlier;
}
