namespace Quarry;

/// <summary>Represents the statistics of a heap at one moment. Sizes are in bytes.</summary>
/// <remarks>
/// Nothing is counted when a block is allocated or freed; the numbers are derived from what the slow paths
/// maintain. While other threads allocate, different numbers are of slightly different moments.
/// </remarks>
public struct HeapStatistics
{
    /// <summary>
    /// Gets the number of bytes in all blocks ever allocated, rounded up to their size classes.
    /// </summary>
    public nuint RequestedBytes { get; internal set; }

    /// <summary>Gets the number of blocks ever allocated.</summary>
    public nuint Allocations { get; internal set; }

    /// <summary>Gets the number of bytes in blocks in use, rounded up to their size classes.</summary>
    public nuint InUseBytes { get; internal set; }

    /// <summary>Gets the number of blocks in use.</summary>
    public nuint InUseBlocks { get; internal set; }

    /// <summary>
    /// Gets the number of bytes in pages and mappings that hold blocks, or are kept ready for them.
    /// </summary>
    public nuint UsedBytes { get; internal set; }

    /// <summary>Gets the highest value of <see cref="UsedBytes"/> so far.</summary>
    public nuint PeakBytes { get; internal set; }

    /// <summary>Gets the number of bytes that can be used without another request to the system.</summary>
    public nuint CommittedBytes { get; internal set; }

    /// <summary>Gets the number of bytes of address space.</summary>
    public nuint MappedBytes { get; internal set; }

    /// <summary>Gets the number of these bytes that physical memory backs.</summary>
    public nuint ResidentBytes { get; internal set; }

    /// <summary>Gets the number of freed bytes that were not returned to the system yet.</summary>
    public nuint DirtyBytes { get; internal set; }

    /// <summary>Gets the number of threads that have a thread heap.</summary>
    public nuint Threads { get; internal set; }

    /// <summary>Gets the number of blocks above the largest size class ever allocated.</summary>
    public nuint LargeAllocations { get; internal set; }

    /// <summary>Gets the number of blocks above the largest size class in use.</summary>
    public nuint LargeInUseBlocks { get; internal set; }

    /// <summary>Gets the number of bytes in blocks above the largest size class in use.</summary>
    public nuint LargeInUseBytes { get; internal set; }
}
