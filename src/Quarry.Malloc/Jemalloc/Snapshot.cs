namespace Quarry.Malloc;

/// <summary>The statistics that <c>mallctl</c> reads; they change only when the epoch is written.</summary>
/// <remarks>
/// In a mapping of its own, as a thread may have only 16 KiB of stack. A thread that reads while another one
/// refreshes may read numbers of both epochs, as in jemalloc.
/// </remarks>
internal unsafe struct Snapshot
{
    private static YieldingLock s_lock;
    private static nuint s_current;

    /// <summary>The number of refreshes.</summary>
    public nuint Epoch;

    /// <summary>The statistics of the heap.</summary>
    public HeapStatistics Heap;

    /// <summary>The memory of the heap by its use.</summary>
    public HeapFootprint Footprint;

    /// <summary>The bytes in blocks that the program uses.</summary>
    internal readonly nuint Allocated => Heap.InUseBytes;

    /// <summary>The bytes of pages of the system that hold blocks, at least the allocated ones.</summary>
    internal readonly nuint Active => Layout.AlignUp(
        Footprint.UsedBytes > Heap.InUseBytes ? Footprint.UsedBytes : Heap.InUseBytes, Os.PageSize);

    /// <summary>
    /// The most bytes that can be backed by physical memory; fewer if active pages were never touched.
    /// </summary>
    internal readonly nuint Resident => Active + Footprint.DirtyBytes + Metadata;

    internal readonly nuint Metadata => Layout.AlignUp(Footprint.MetadataBytes, Os.PageSize);

    internal readonly nuint Mapped => Active + Metadata;

    internal readonly nuint SmallBytes => Heap.InUseBytes - Heap.LargeInUseBytes;

    internal readonly nuint SmallAllocations => Heap.Allocations - Heap.LargeAllocations;

    internal readonly nuint SmallFrees => SmallAllocations - (Heap.InUseBlocks - Heap.LargeInUseBlocks);

    internal readonly nuint LargeFrees => Heap.LargeAllocations - Heap.LargeInUseBlocks;

    /// <summary>The statistics of each bin.</summary>
    internal static SizeClassStatistics* Bins => (SizeClassStatistics*)(Current + 1);

    /// <summary>The number of slabs of each bin that have a free block.</summary>
    internal static nuint* NonfullSlabs => (nuint*)(Bins + SizeClasses.BinCount);

    /// <summary>The number of blocks of each large class.</summary>
    internal static nuint* LargeBlocks => NonfullSlabs + SizeClasses.BinCount;

    /// <summary>
    /// Gets the current statistics; the first call computes them. Null if there is no memory for them.
    /// </summary>
    internal static Snapshot* Current
    {
        get
        {
            Snapshot* current = (Snapshot*)Atomic.Read(ref s_current);
            return current != null ? current : Refresh();
        }
    }

    private static nuint Size => (nuint)sizeof(Snapshot)
        + ((nuint)SizeClasses.BinCount * (nuint)(sizeof(SizeClassStatistics) + sizeof(nuint)))
        + ((nuint)SizeClasses.LargeCount * (nuint)sizeof(nuint));

    /// <summary>Computes the statistics anew, and increments the epoch.</summary>
    internal static Snapshot* Refresh()
    {
        s_lock.Enter();
        Snapshot* current = (Snapshot*)Atomic.Read(ref s_current);
        current = current != null ? current : (Snapshot*)Os.Map(Size);
        if (current != null)
        {
            SizeClassStatistics* bins = (SizeClassStatistics*)(current + 1);
            nuint* nonfull = (nuint*)(bins + SizeClasses.BinCount);
            current->Heap = ProcessStatistics.Read(bins);
            HeapState* heap = ProcessHeap.Heap;
            if (heap != null)
            {
                current->Footprint = HeapFootprint.Take<Geometry>(
                    heap, current->Heap.DirtyBytes, nonfull, nonfull + SizeClasses.BinCount,
                    SizeClasses.LargeCount);
            }

            current->Epoch++;
            Atomic.Write(ref s_current, (nuint)current);
        }

        s_lock.Exit();
        return current;
    }

    /// <summary>Makes the statistics usable in the child of a fork, whose parent may have been refreshing.
    /// </summary>
    internal static void StartInChild() => s_lock = default;
}
