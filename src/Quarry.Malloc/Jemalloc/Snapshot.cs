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

    /// <summary>The lock of the extents that the arena retains.</summary>
    public LockStatistics RetainedLock;

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

    /// <summary>The size of a snapshot with its arrays, in bytes.</summary>
    internal static nuint Size => (nuint)sizeof(Snapshot)
        + ((nuint)SizeClasses.BinCount * (nuint)(sizeof(SizeClassStatistics) + sizeof(PageStatistics)))
        + (LargeSteps.Count * (nuint)sizeof(LargeStepStatistics))
        + (ExtentSteps.Count * (nuint)sizeof(ExtentStatistics));

    /// <summary>Returns the statistics of each bin.</summary>
    internal static SizeClassStatistics* Bins(Snapshot* snapshot) => (SizeClassStatistics*)(snapshot + 1);

    /// <summary>Returns the pages of each bin.</summary>
    internal static PageStatistics* Slabs(Snapshot* snapshot) =>
        (PageStatistics*)(Bins(snapshot) + SizeClasses.BinCount);

    /// <summary>Returns the blocks of each large class.</summary>
    internal static LargeStepStatistics* LargeBlocks(Snapshot* snapshot) =>
        (LargeStepStatistics*)(Slabs(snapshot) + SizeClasses.BinCount);

    /// <summary>Returns the ranges of unused memory of each size.</summary>
    internal static ExtentStatistics* Extents(Snapshot* snapshot) =>
        (ExtentStatistics*)(LargeBlocks(snapshot) + LargeSteps.Count);

    /// <summary>Returns the sum of the large classes: the blocks that entered and left them.</summary>
    /// <remarks>As in jemalloc, a block that is resized leaves one class and enters another.</remarks>
    internal static LargeStepStatistics Large(Snapshot* snapshot)
    {
        LargeStepStatistics sum = default;
        for (int step = 0; step < LargeSteps.Count; step++)
        {
            sum.Add(LargeBlocks(snapshot)[step]);
        }

        return sum;
    }

    /// <summary>Computes the statistics of an arena.</summary>
    internal static void Take(Snapshot* snapshot, Arena* arena)
    {
        HeapState* heap = arena->Heap;
        ExtentStatistics* extents = Extents(snapshot);
        snapshot->Heap = HeapCensus.Take<Geometry>(heap, Bins(snapshot));
        snapshot->Footprint = HeapFootprint.Take<Geometry>(
            heap, snapshot->Heap.DirtyBytes, Slabs(snapshot), LargeBlocks(snapshot));
        Memory.Clear(extents, ExtentSteps.Count * (nuint)sizeof(ExtentStatistics));
        HeapExtents.Count(&heap->Backend, extents);
        RetainedExtents.Count(arena, extents);
        snapshot->RetainedLock = arena->Retained.LockStatistics;
    }

    /// <summary>Adds the statistics of another arena.</summary>
    internal static void Add(Snapshot* sum, Snapshot* part)
    {
        sum->Heap.Add(part->Heap);
        sum->Footprint.Add(part->Footprint);
        sum->RetainedLock.Add(part->RetainedLock);
        for (int bin = 0; bin < SizeClasses.BinCount; bin++)
        {
            Bins(sum)[bin].Add(Bins(part)[bin]);
            Slabs(sum)[bin].Add(Slabs(part)[bin]);
        }

        for (int step = 0; step < LargeSteps.Count; step++)
        {
            LargeBlocks(sum)[step].Add(LargeBlocks(part)[step]);
        }

        for (int step = 0; step < ExtentSteps.Count; step++)
        {
            Extents(sum)[step].Add(Extents(part)[step]);
        }
    }

    /// <summary>Retains the numbers of past calls only, when the arena is destroyed.</summary>
    internal static void RetainCounts(Snapshot* snapshot)
    {
        HeapStatistics heap = snapshot->Heap;
        snapshot->Footprint = new HeapFootprint
        {
            Fills = snapshot->Footprint.Fills,
            Flushes = snapshot->Footprint.Flushes,
        };
        snapshot->RetainedLock = default;
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
            Slabs(snapshot)[bin].Nonfull = 0;
        }

        for (int step = 0; step < LargeSteps.Count; step++)
        {
            LargeStepStatistics* counts = &LargeBlocks(snapshot)[step];
            counts->InUse = 0;
            counts->Frees = counts->Allocations;
        }

        Memory.Clear(Extents(snapshot), ExtentSteps.Count * (nuint)sizeof(ExtentStatistics));
    }
}
