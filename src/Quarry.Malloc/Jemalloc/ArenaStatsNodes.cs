using System;

namespace Quarry.Malloc;

/// <summary>The statistics of arenas, <c>stats.arenas.#.*</c>.</summary>
internal static unsafe class ArenaStatsNodes
{
    // The index of the first control of a class of blocks.
    private const int ClassNodes = 38;

    internal static int Visit(ref MallctlNode node, int index)
    {
        Snapshot* now = node.Acts ? Snapshots.Of(node.First) : null;
        return node.Acts && now == null ? MallctlError.TryAgain
            : index < ClassNodes ? Visit(ref node, index, now)
            : VisitClass(ref node, index - ClassNodes, now);
    }

    private static int Visit(ref MallctlNode node, int index, Snapshot* now) => index switch
    {
        0 => node.Is("stats.arenas.#.nthreads"u8, MallctlType.Unsigned)
            ? node.Return(Threads(node.First, now))
            : 0,
        1 => node.Is("stats.arenas.#.uptime"u8) ? node.Return(Uptime(node.First)) : 0,
        2 => node.Is("stats.arenas.#.dss"u8) ? node.ReturnText(Dss(node.First)) : 0,
        3 => node.Is("stats.arenas.#.dirty_decay_ms"u8)
            ? node.ReturnSigned(Decay(node.First, muzzy: false))
            : 0,
        4 => node.Is("stats.arenas.#.muzzy_decay_ms"u8)
            ? node.ReturnSigned(Decay(node.First, muzzy: true))
            : 0,
        5 => node.Is("stats.arenas.#.pactive"u8) ? node.Return(now->Active / Os.PageSize) : 0,
        6 => node.Is("stats.arenas.#.pdirty"u8) ? node.Return(now->Footprint.DirtyBytes / Os.PageSize) : 0,
        7 => node.Is("stats.arenas.#.pmuzzy"u8) ? node.Return(0) : 0,
        8 => node.Is("stats.arenas.#.mapped"u8) ? node.Return(now->Mapped) : 0,
        9 => node.Is("stats.arenas.#.retained"u8) ? node.Return(now->Footprint.RetainedBytes) : 0,
        10 => node.Is("stats.arenas.#.base"u8) ? node.Return(now->Metadata) : 0,
        11 => node.Is("stats.arenas.#.internal"u8) ? node.Return(0) : 0,
        12 => node.Is("stats.arenas.#.metadata_thp"u8) ? node.Return(0) : 0,
        13 => node.Is("stats.arenas.#.resident"u8) ? node.Return(now->Resident) : 0,
        14 => node.Is("stats.arenas.#.muzzy_npurge"u8) ? node.Return(0) : 0,
        15 => node.Is("stats.arenas.#.muzzy_nmadvise"u8) ? node.Return(0) : 0,
        16 => node.Is("stats.arenas.#.muzzy_purged"u8) ? node.Return(0) : 0,
        17 => node.Is("stats.arenas.#.small.allocated"u8) ? node.Return(now->SmallBytes) : 0,
        18 => node.Is("stats.arenas.#.small.nmalloc"u8) ? node.Return(now->SmallAllocations) : 0,
        19 => node.Is("stats.arenas.#.small.ndalloc"u8) ? node.Return(now->SmallFrees) : 0,
        20 => node.Is("stats.arenas.#.small.nrequests"u8) ? node.Return(now->SmallAllocations) : 0,
        // Both of small blocks are of all bins together. Large blocks are in no list of a thread.
        21 => node.Is("stats.arenas.#.small.nfills"u8) ? node.Return(now->Footprint.Fills) : 0,
        22 => node.Is("stats.arenas.#.small.nflushes"u8) ? node.Return(now->Footprint.Flushes) : 0,
        23 => node.Is("stats.arenas.#.large.allocated"u8) ? node.Return(now->Heap.LargeInUseBytes) : 0,
        24 => node.Is("stats.arenas.#.large.nmalloc"u8) ? node.Return(Snapshot.Large(now).Allocations) : 0,
        25 => node.Is("stats.arenas.#.large.ndalloc"u8) ? node.Return(Snapshot.Large(now).Frees) : 0,
        26 => node.Is("stats.arenas.#.large.nrequests"u8) ? node.Return(Snapshot.Large(now).Allocations) : 0,
        27 => node.Is("stats.arenas.#.large.nfills"u8) ? node.Return(0) : 0,
        28 => node.Is("stats.arenas.#.large.nflushes"u8) ? node.Return(0) : 0,
        29 => node.Is("stats.arenas.#.dirty_npurge"u8) ? node.Return(now->Footprint.PurgeSteps) : 0,
        30 => node.Is("stats.arenas.#.dirty_nmadvise"u8) ? node.Return(now->Footprint.PurgeCalls) : 0,
        31 => node.Is("stats.arenas.#.dirty_purged"u8)
            ? node.Return(now->Footprint.PurgedBytes / Os.PageSize)
            : 0,
        32 => node.Is("stats.arenas.#.tcache_bytes"u8) ? node.Return(now->Footprint.CachedBytes) : 0,

        // The heap has no such thing: descriptors are a part of their region, and no memory is given up.
        33 => node.Is("stats.arenas.#.extent_avail"u8) ? node.Return(0) : 0,
        34 => node.Is("stats.arenas.#.abandoned_vm"u8) ? node.Return(0) : 0,
        35 => node.Is("stats.arenas.#.tcache_stashed_bytes"u8) ? node.Return(0) : 0,
        36 => node.Is("stats.arenas.#.metadata_edata"u8) ? node.Return(0) : 0,
        37 => node.Is("stats.arenas.#.metadata_rtree"u8) ? node.Return(0) : 0,
        _ => node.End(),
    };

    private static int VisitClass(ref MallctlNode node, int index, Snapshot* now) => index switch
    {
        0 => node.Is("stats.arenas.#.bins.#.nmalloc"u8) ? node.Return(Bin(node, now)->Allocations) : 0,
        1 => node.Is("stats.arenas.#.bins.#.ndalloc"u8) ? node.Return(Frees(Bin(node, now))) : 0,
        2 => node.Is("stats.arenas.#.bins.#.nrequests"u8) ? node.Return(Bin(node, now)->Allocations) : 0,
        3 => node.Is("stats.arenas.#.bins.#.curregs"u8) ? node.Return(Bin(node, now)->InUseBlocks) : 0,
        4 => node.Is("stats.arenas.#.bins.#.nfills"u8) ? node.Return(0) : 0,
        5 => node.Is("stats.arenas.#.bins.#.nflushes"u8) ? node.Return(0) : 0,
        6 => node.Is("stats.arenas.#.bins.#.nslabs"u8) ? node.Return(Slabs(node, now)->Created) : 0,
        7 => node.Is("stats.arenas.#.bins.#.nreslabs"u8) ? node.Return(0) : 0,
        8 => node.Is("stats.arenas.#.bins.#.curslabs"u8) ? node.Return(Bin(node, now)->Pages) : 0,
        9 => node.Is("stats.arenas.#.bins.#.nonfull_slabs"u8) ? node.Return(Slabs(node, now)->Nonfull) : 0,
        10 => node.Is("stats.arenas.#.lextents.#.nmalloc"u8) ? node.Return(Large(node, now)->Allocations) : 0,
        11 => node.Is("stats.arenas.#.lextents.#.ndalloc"u8) ? node.Return(Large(node, now)->Frees) : 0,
        12 => node.Is("stats.arenas.#.lextents.#.nrequests"u8)
            ? node.Return(Large(node, now)->Allocations)
            : 0,
        13 => node.Is("stats.arenas.#.lextents.#.curlextents"u8) ? node.Return(Large(node, now)->InUse) : 0,
        14 => node.Is("stats.arenas.#.extents.#.ndirty"u8) ? node.Return(Extents(node, now)->Dirty) : 0,
        15 => node.Is("stats.arenas.#.extents.#.nmuzzy"u8) ? node.Return(0) : 0,
        16 => node.Is("stats.arenas.#.extents.#.nretained"u8) ? node.Return(Extents(node, now)->Retained) : 0,
        17 => node.Is("stats.arenas.#.extents.#.dirty_bytes"u8)
            ? node.Return(Extents(node, now)->DirtyBytes)
            : 0,
        18 => node.Is("stats.arenas.#.extents.#.muzzy_bytes"u8) ? node.Return(0) : 0,
        19 => node.Is("stats.arenas.#.extents.#.retained_bytes"u8)
            ? node.Return(Extents(node, now)->RetainedBytes)
            : 0,
        _ => MutexNodes.OfBin(ref node, index - 20),
    };

    private static SizeClassStatistics* Bin(in MallctlNode node, Snapshot* now) =>
        &Snapshot.Bins(now)[node.Second];

    private static PageStatistics* Slabs(in MallctlNode node, Snapshot* now) =>
        &Snapshot.Slabs(now)[node.Second];

    private static LargeStepStatistics* Large(in MallctlNode node, Snapshot* now) =>
        &Snapshot.LargeBlocks(now)[node.Second];

    private static ExtentStatistics* Extents(in MallctlNode node, Snapshot* now) =>
        &Snapshot.Extents(now)[node.Second];

    // The two numbers can be of different moments.
    internal static nuint Frees(SizeClassStatistics* bin) =>
        bin->Allocations > bin->InUseBlocks ? bin->Allocations - bin->InUseBlocks : 0;

    /// <summary>Returns the number of threads that are bound to an arena.</summary>
    /// <remarks>A thread that is bound to another arena has a thread heap in the first one, too.</remarks>
    internal static nuint Threads(nuint arena, Snapshot* now)
    {
        Snapshot* first = Snapshots.Of(0), all = Snapshots.Merged();
        nuint threads = first == null ? 0 : first->Heap.Threads;
        nuint others = all == null ? 0 : all->Heap.Threads - threads;
        return Arenas.IsAll(arena) ? threads
            : arena == 0 ? threads > others ? threads - others : 0
            : now->Heap.Threads;
    }

    /// <summary>Returns the time since an arena was created, or since the first one was for all arenas.
    /// </summary>
    internal static nuint Uptime(nuint index) => Arenas.AgeOf(Arenas.Find(index) == null ? 0 : index);

    /// <summary>Returns the decay time of an arena; the largest number for all arenas.</summary>
    internal static nuint Decay(nuint index, bool muzzy)
    {
        Arena* arena = Arenas.Find(index);
        return arena == null ? nuint.MaxValue
            : muzzy ? arena->MuzzyDecay
            : DecayControls.DirtyOf(arena->Heap);
    }

    private static ReadOnlySpan<byte> Dss(nuint arena) =>
        Arenas.Find(arena) == null ? "N/A\0"u8 : "disabled\0"u8;
}
