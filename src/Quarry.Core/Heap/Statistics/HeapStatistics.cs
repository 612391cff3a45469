namespace Quarry;

/// <summary>The figures of a heap at one moment. Sizes are in bytes.</summary>
/// <remarks>
/// Nothing is counted when a block is taken or freed; the figures are derived from what the slow paths
/// leave behind. While other threads allocate, they are those of slightly different moments for different
/// parts.
/// </remarks>
public struct HeapStatistics
{
    /// <summary>Bytes in all blocks ever taken, rounded up to their size classes.</summary>
    public nuint RequestedBytes { get; internal set; }

    /// <summary>Blocks ever taken.</summary>
    public nuint Allocations { get; internal set; }

    /// <summary>Bytes in blocks that are in use, rounded up to their size classes.</summary>
    public nuint InUseBytes { get; internal set; }

    /// <summary>Blocks in use.</summary>
    public nuint InUseBlocks { get; internal set; }

    /// <summary>Bytes in pages and mappings that hold, or were kept ready for, blocks.</summary>
    public nuint UsedBytes { get; internal set; }

    /// <summary>The highest <see cref="UsedBytes"/> so far.</summary>
    public nuint PeakBytes { get; internal set; }

    /// <summary>Bytes that may be touched without asking the system again.</summary>
    public nuint CommittedBytes { get; internal set; }

    /// <summary>Bytes of address space.</summary>
    public nuint MappedBytes { get; internal set; }

    /// <summary>Bytes of these that physical memory backs.</summary>
    public nuint ResidentBytes { get; internal set; }

    /// <summary>Freed bytes that were not given back to the system yet.</summary>
    public nuint DirtyBytes { get; internal set; }

    /// <summary>Threads that have a part of the heap.</summary>
    public nuint Threads { get; internal set; }

    /// <summary>Blocks above the largest size class ever taken.</summary>
    public nuint LargeAllocations { get; internal set; }

    /// <summary>Those in use.</summary>
    public nuint LargeInUseBlocks { get; internal set; }

    /// <summary>The bytes in them.</summary>
    public nuint LargeInUseBytes { get; internal set; }
}
