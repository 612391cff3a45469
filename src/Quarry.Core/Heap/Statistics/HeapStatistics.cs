namespace Quarry;

/// <summary>Represents the statistics of a heap at one moment. Sizes are in bytes.</summary>
/// <remarks>
/// The fast paths count nothing; the numbers are derived from data that the slow paths maintain. While other
/// threads use the heap, different properties may show slightly different moments.
/// </remarks>
public struct HeapStatistics
{
    /// <summary>
    /// Gets the total size of all blocks ever allocated, rounded up to their size classes.
    /// </summary>
    public nuint RequestedBytes { get; internal set; }

    /// <summary>Gets the number of blocks ever allocated.</summary>
    public nuint Allocations { get; internal set; }

    /// <summary>Gets the number of bytes in blocks in use, rounded up to their size classes.</summary>
    public nuint InUseBytes { get; internal set; }

    /// <summary>Gets the number of blocks in use.</summary>
    public nuint InUseBlocks { get; internal set; }

    /// <summary>
    /// Gets the number of bytes of pages and mappings that hold blocks or are ready for blocks.
    /// </summary>
    public nuint UsedBytes { get; internal set; }

    /// <summary>Gets the highest value of <see cref="UsedBytes"/> so far.</summary>
    public nuint PeakBytes { get; internal set; }

    /// <summary>Gets the number of committed bytes, which need no further request to the system.</summary>
    public nuint CommittedBytes { get; internal set; }

    /// <summary>Gets the number of bytes of reserved address space.</summary>
    public nuint MappedBytes { get; internal set; }

    /// <summary>Gets the number of bytes that are backed by physical memory.</summary>
    public nuint ResidentBytes { get; internal set; }

    /// <summary>Gets the number of freed bytes that have not been returned to the system yet.</summary>
    public nuint DirtyBytes { get; internal set; }

    /// <summary>Gets the number of threads that have a thread heap.</summary>
    public nuint Threads { get; internal set; }

    /// <summary>Gets the number of large and huge blocks ever allocated.</summary>
    public nuint LargeAllocations { get; internal set; }

    /// <summary>Gets the number of large and huge blocks in use.</summary>
    public nuint LargeInUseBlocks { get; internal set; }

    /// <summary>Gets the number of bytes in large and huge blocks in use.</summary>
    public nuint LargeInUseBytes { get; internal set; }

    /// <summary>Adds the statistics of another heap; peaks and threads are added as well.</summary>
    internal void Add(in HeapStatistics other)
    {
        RequestedBytes += other.RequestedBytes;
        Allocations += other.Allocations;
        InUseBytes += other.InUseBytes;
        InUseBlocks += other.InUseBlocks;
        UsedBytes += other.UsedBytes;
        PeakBytes += other.PeakBytes;
        CommittedBytes += other.CommittedBytes;
        MappedBytes += other.MappedBytes;
        ResidentBytes += other.ResidentBytes;
        DirtyBytes += other.DirtyBytes;
        Threads += other.Threads;
        LargeAllocations += other.LargeAllocations;
        LargeInUseBlocks += other.LargeInUseBlocks;
        LargeInUseBytes += other.LargeInUseBytes;
    }
}
