using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Decides when to collect, and which generation.</summary>
/// <remarks>
/// <para>
/// A young collection is due when the <see cref="YoungBudget"/> is allocated.
/// </para>
/// <para>
/// If more than half of it survives, the young collection has marked more bytes than it has freed, and the
/// next full one, at twice the size of the live objects, frees as many bytes as it marks. So there is no
/// young collection before that, and none before the next few full ones either if it happens again: caches
/// whose entries are replaced at random, and the construction of large structures, are left to full
/// collections.
/// </para>
/// <para>
/// A full collection is due when the old objects have grown by as much as there were after the last full
/// one, so that its cost is proportional to what was allocated in between. A limit, and a machine with
/// little memory left, make it due earlier.
/// </para>
/// <para>
/// If full collections mark while threads run, one is due earlier by the part of the growth that is expected
/// meanwhile. Young collections continue even if they are in vain, as they are the pauses in which such a
/// collection begins and ends. Before it begins, they mark nothing then: it is taken for granted that all
/// young objects are alive. The full collection, which finds the dead ones, is due earlier still. While it
/// marks, young collections do, too, so that threads do not allocate faster than it marks.
/// </para>
/// </remarks>
internal static unsafe class Budget
{
    // The old objects of a small heap grow by this before a full collection, or by two young budgets of a
    // fixed size. With twice as much, programs that keep little use up to half as much memory again, and a
    // quarter less time.
    private const nuint MinGrowth = 24 << 20, MinGrowthIfFixed = 2;

    // It is at most this part of a limit.
    private const nuint GrowthPartOfLimit = 8;

    // With more room until the next full collection, there are young ones even if they are in vain.
    private const nuint MostWait = 256 << 20;

    // The largest number of full collections in a row without a young one in between.
    private const int MostSkipped = 4;

    // The part of the live objects that is allocated before a full collection without a young one in between.
    // With all of them, trees and parallel of the benchmark needed 1.3 and 1.4 times as much memory as on the
    // stock collector, although they used less time.
    private const nuint InVainDivisor = 2;

    // GCConserveMemory: from 0 to 9.
    private const nuint MostConserving = 9, Tenths = 10;

    // The tenths of the memory from which on memory is low; also the stock collector's.
    private const nuint HighLoad = 9;

    // The level to which memory is conserved then.
    private const nuint ConservingIfLow = 7;

    // The part of the growth that is left when marking begins, and by which it may be exceeded.
    private const nuint MarkingDivisor = 4;

    /// <summary>
    /// What the runtime keeps of an exited thread until the finalizer of its <c>Thread</c> object has run, in
    /// bytes. Programs that start many threads would otherwise need megabytes for those of one young budget.
    /// </summary>
    internal const nuint ExitedThread = 6 << 10;

    // With this, tests end full collections before everything is marked.
    private const int MostYoungUnderStress = 4;

    private static nuint s_minGrowth;
    private static nuint s_conserve;

    // Since the last collection, and since the last full collection.
    private static nuint s_allocated;
    private static nuint s_allocatedSinceFull;

    // Native memory that is freed if a collection finds objects dead, since the last collection.
    private static nuint s_native;

    private static nuint s_fullAt;

    // If young collections are in vain, and full ones mark while threads run.
    private static nuint s_fullAtIfInVain;

    // The size of old objects at which a full collection no longer marks while threads run.
    private static nuint s_fullBefore;

    // The number of young collections since the last full one.
    private static int s_youngSinceFull;
    private static bool s_isFullDue;

    // The number of full collections before the next young one, and what it becomes if that is in vain again.
    private static int s_skipped;
    private static int s_nextSkipped;
    private static bool s_promotesYoung;

    // Whether the next full collection returns as much memory as possible.
    private static bool s_returnsMemory;

    // Whether the machine or container had little memory left at the last full collection.
    private static bool s_isMemoryLow;

    /// <summary>The number of bytes allocated since the last collection.</summary>
    internal static nuint Allocated => Atomic.Read(ref s_allocated);

    /// <summary>Determines whether a collection is due.</summary>
    internal static bool IsDue => Atomic.Read(ref s_allocated) + Atomic.Read(ref s_native) >= YoungBudget.Size
        && !NoCollectionRegion.Allows();

    /// <summary>Determines whether the next collection must be a full one.</summary>
    internal static bool IsFullDue => !AllocatedRanges.IsComplete || CollectorSettings.MarksAlways
        || (s_isFullDue && (!GcHeap.AvoidsFullCollections || s_isMemoryLow || HeapLimit.Bytes != 0));

    /// <summary>Determines whether a full collection that has begun must end now.</summary>
    internal static bool IsFullOverdue => CollectedHeap.LiveBytes >= s_fullBefore
        || (CollectorSettings.MarksAlways && s_youngSinceFull >= MostYoungUnderStress);

    /// <summary>
    /// Determines whether young collections are in vain, and happen nevertheless. They need not find out then
    /// which objects are dead.
    /// </summary>
    internal static bool PromotesYoung =>
        s_promotesYoung || (CollectorSettings.PromotesOften && (s_youngSinceFull & 1) != 0);

    /// <summary>Determines whether a full collection must not wait until it has marked.</summary>
    internal static bool IsFullUrgent { get; private set; }

    /// <summary>
    /// The number of bytes of holes that a full collection keeps in memory: those that are probably used
    /// before the next one.
    /// </summary>
    internal static nuint Retained
    {
        get
        {
            if (s_returnsMemory)
            {
                return 0;
            }

            nuint growth = Growth(CollectedHeap.LiveBytes);
            nuint allocated = s_allocatedSinceFull + s_allocated;
            nuint kept = allocated < growth ? allocated : growth;
            return kept > YoungBudget.Size && !s_isMemoryLow ? kept : YoungBudget.Size;
        }
    }

    /// <summary>Reads the settings; called once.</summary>
    internal static void Initialize()
    {
        YoungBudget.Initialize();
        s_conserve = Runtime.TryGetInteger("GCConserveMemory"u8, "System.GC.ConserveMemory"u8, out long level)
            && level > 0 ? (nuint)level : 0;
        s_conserve = s_conserve > MostConserving ? MostConserving : s_conserve;
        s_minGrowth = YoungBudget.IsFixed
            ? MinGrowthIfFixed * YoungBudget.Size
            : LeastGrowth(HeapLimit.Bytes);
        s_fullAt = s_fullAtIfInVain = s_minGrowth;
        s_fullBefore = s_fullAt + (s_fullAt / MarkingDivisor);
    }

    /// <summary>Makes the next full collection return the memory of holes to the system.</summary>
    internal static void ReturnMemory() => s_returnsMemory = true;

    /// <summary>Counts memory that a thread acquires.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Count(nuint bytes) => _ = Atomic.Add(ref s_allocated, bytes);

    /// <summary>Counts what is left of a thread that exits.</summary>
    internal static void CountExitedThread() => _ = Atomic.Add(ref s_native, ExitedThread);

    /// <summary>Sets the budgets after a collection.</summary>
    /// <param name="record">The collection.</param>
    /// <param name="survived">The size of the young objects that survived.</param>
    /// <param name="live">The size of all objects.</param>
    internal static void Update(CollectionRecord* record, nuint survived, nuint live)
    {
        bool full = record->Generation == GcHeap.OldestGeneration;
        nuint allocated = Atomic.Exchange(ref s_allocated, 0);
        Atomic.Write(ref s_native, 0);
        s_allocatedSinceFull += allocated;
        s_youngSinceFull = full ? 0 : s_youngSinceFull + 1;
        if (full)
        {
            s_isMemoryLow = record->MemoryLoad >= SystemMemory.TotalBytes() / Tenths * HighLoad;
            s_allocatedSinceFull = 0;
            s_returnsMemory = false;
            // While it marks, the old objects continue to grow.
            nuint growth = Growth(live);
            nuint margin = ConcurrentMark.IsWorth ? growth / MarkingDivisor : 0;
            s_fullAt = live + growth - margin;
            s_fullAtIfInVain = s_fullAt - margin;
            s_fullBefore = live + growth + margin;

            // Because of a limit, too.
            IsFullUrgent = s_isMemoryLow || (HeapLimit.Bytes != 0 && growth < live);
        }

        s_isFullDue = live >= s_fullAt;
        if (!YoungBudget.IsFixed)
        {
            nuint room = s_fullAt > live ? s_fullAt - live : 0;
            YoungBudget.Adapt(record, allocated, survived, live, room);
            AvoidYoungInVain(full, survived > allocated / 2, live, room);
        }

        if (s_isFullDue)
        {
            FullCollectionNotice.ReportApproach();
        }
    }

    // The least growth of old objects until a full collection.
    private static nuint LeastGrowth(nuint limit)
    {
        nuint most = limit / GrowthPartOfLimit;
        return limit == 0 || most > MinGrowth ? MinGrowth : most;
    }

    private static void AvoidYoungInVain(bool full, bool isInVain, nuint live, nuint room)
    {
        if (ConcurrentMark.IsWorth)
        {
            if (full || !s_promotesYoung)
            {
                s_promotesYoung = ShouldWait(full, isInVain);
            }

            s_isFullDue |= s_promotesYoung && live >= s_fullAtIfInVain;
            return;
        }

        s_promotesYoung = false;
        if (room <= MostWait && ShouldWait(full, isInVain))
        {
            // Not all of the room: at that time, the heap has its greatest size, and garbage is most of it.
            YoungBudget.Extend(live / InVainDivisor < room ? live / InVainDivisor : room);
            s_isFullDue = true;
        }
    }

    /// <summary>Determines whether to wait for the next full collection.</summary>
    private static bool ShouldWait(bool full, bool isInVain)
    {
        if (full)
        {
            return s_skipped > 0 && --s_skipped > 0;
        }

        s_nextSkipped = !isInVain ? 1 : s_nextSkipped < MostSkipped ? s_nextSkipped + 1 : MostSkipped;
        s_skipped = isInVain ? s_nextSkipped : 0;
        return isInVain;
    }

    /// <summary>The growth of old objects until the next full collection.</summary>
    private static nuint Growth(nuint live)
    {
        nuint conserve = s_isMemoryLow && s_conserve < ConservingIfLow ? ConservingIfLow : s_conserve;
        nuint growth = live / Tenths * (Tenths - conserve);
        growth = growth < s_minGrowth ? s_minGrowth : growth;
        nuint limit = HeapLimit.Bytes;
        nuint room = limit > live ? (limit - live) / 2 : 0;
        return limit != 0 && growth > room ? room : growth;
    }
}
