namespace Quarry.Malloc;

/// <summary>The statistics of an arena, which change only when the epoch is written.</summary>
/// <remarks>
/// In a mapping of its own, as a thread may have only 16 KiB of stack. A thread that reads while another one
/// refreshes may read numbers of both epochs, as in jemalloc.
/// </remarks>
internal unsafe struct Snapshot
{
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

    /// <summary>The size of a snapshot with its arrays, in bytes.</summary>
    internal static nuint Size => (nuint)sizeof(Snapshot)
        + ((nuint)SizeClasses.BinCount * (nuint)(sizeof(SizeClassStatistics) + sizeof(nuint)))
        + ((nuint)SizeClasses.LargeCount * (nuint)sizeof(nuint));

    /// <summary>Returns the statistics of each bin.</summary>
    internal static SizeClassStatistics* Bins(Snapshot* snapshot) => (SizeClassStatistics*)(snapshot + 1);

    /// <summary>Returns the number of slabs of each bin that have a free block.</summary>
    internal static nuint* NonfullSlabs(Snapshot* snapshot) =>
        (nuint*)(Bins(snapshot) + SizeClasses.BinCount);

    /// <summary>Returns the number of blocks of each large class.</summary>
    internal static nuint* LargeBlocks(Snapshot* snapshot) =>
        NonfullSlabs(snapshot) + SizeClasses.BinCount;

    /// <summary>Computes the statistics of a heap.</summary>
    internal static void Take(Snapshot* snapshot, HeapState* heap)
    {
        snapshot->Heap = HeapCensus.Take<Geometry>(heap, Bins(snapshot));
        snapshot->Footprint = HeapFootprint.Take<Geometry>(
            heap, snapshot->Heap.DirtyBytes, NonfullSlabs(snapshot), LargeBlocks(snapshot),
            SizeClasses.LargeCount);
    }

    /// <summary>Adds the statistics of another arena.</summary>
    internal static void Add(Snapshot* sum, Snapshot* part)
    {
        sum->Heap.Add(part->Heap);
        sum->Footprint.Add(part->Footprint);
        for (int bin = 0; bin < SizeClasses.BinCount; bin++)
        {
            Bins(sum)[bin].Add(Bins(part)[bin]);
            NonfullSlabs(sum)[bin] += NonfullSlabs(part)[bin];
        }

        for (int index = 0; index < SizeClasses.LargeCount; index++)
        {
            LargeBlocks(sum)[index] += LargeBlocks(part)[index];
        }
    }

    /// <summary>Retains the numbers of past calls only, when the arena is destroyed.</summary>
    internal static void RetainCounts(Snapshot* snapshot)
    {
        HeapStatistics heap = snapshot->Heap;
        snapshot->Footprint = default;
        snapshot->Heap = new HeapStatistics
        {
            Allocations = heap.Allocations,
            RequestedBytes = heap.RequestedBytes,
            LargeAllocations = heap.LargeAllocations,
        };
        for (int bin = 0; bin < SizeClasses.BinCount; bin++)
        {
            SizeClassStatistics* counts = &Bins(snapshot)[bin];
            counts->InUseBlocks = 0;
            counts->Pages = 0;
            NonfullSlabs(snapshot)[bin] = 0;
        }

        Memory.Clear(LargeBlocks(snapshot), (nuint)SizeClasses.LargeCount * (nuint)sizeof(nuint));
    }
}
