namespace Quarry;

/// <summary>The figures of an allocator that are published.</summary>
/// <param name="InUse">The number of bytes in blocks in use.</param>
/// <param name="Committed">The number of committed bytes; null if the allocator does not count pages.</param>
/// <param name="Resident">The number of bytes in physical memory; null likewise.</param>
/// <param name="Peak">The highest number of bytes so far.</param>
/// <param name="Allocations">The number of blocks allocated so far.</param>
/// <param name="Frees">The number of blocks freed so far.</param>
/// <param name="Allocated">The number of bytes in all blocks allocated so far.</param>
internal readonly record struct HeapFigures(
    long InUse, long? Committed, long? Resident, long Peak, long Allocations, long Frees, long Allocated)
{
    internal static HeapFigures Of(HeapStatistics heap) => new(
        InUse: (long)heap.InUseBytes,
        Committed: (long)heap.CommittedBytes,
        Resident: (long)heap.ResidentBytes,
        Peak: (long)heap.PeakBytes,
        Allocations: (long)heap.Allocations,
        Frees: (long)(heap.Allocations - heap.InUseBlocks),
        Allocated: (long)heap.RequestedBytes);

    internal static HeapFigures Of(AllocationStatistics counted) => new(
        InUse: counted.CurrentBytes,
        Committed: null,
        Resident: null,
        Peak: counted.PeakBytes,
        Allocations: counted.Allocations,
        Frees: counted.Deallocations,
        Allocated: counted.AllocatedBytes);

    /// <summary>Returns these figures with totals that are not below earlier ones.</summary>
    /// <remarks>
    /// The walk of a heap reads its counters at different moments, so a total can be slightly lower than at
    /// the walk before. Readers take a decrease for a restart of the process.
    /// </remarks>
    internal HeapFigures NotBelow(HeapFigures earlier) => this with
    {
        Allocations = long.Max(Allocations, earlier.Allocations),
        Frees = long.Max(Frees, earlier.Frees),
        Allocated = long.Max(Allocated, earlier.Allocated),
    };
}
