using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Decides when to collect, and which generation.</summary>
/// <remarks>
/// <para>
/// A young collection is due when the young budget is allocated. The budget is 16 MiB: less and the fixed
/// costs of a collection, which are those of suspension and roots, become noticeable; more and the objects
/// leave the cache before their memory is reused. While much of it survives, which a young collection has to
/// mark for little gain, the budget doubles up to half of the old objects.
/// </para>
/// <para>
/// If more than half of it survives, the young collection has marked more bytes than it has freed, and the
/// next full one, at twice the size of the live objects, frees as many bytes as it marks. So there is no
/// young collection before that, and none before the next few full ones either if it happens again: caches
/// whose entries are replaced at random, and the construction of large structures, are left to full
/// collections.
/// </para>
/// <para>
/// If full collections mark while threads run, the pauses of young ones are what is left. Their budget is
/// then smaller, not larger, while much of it survives.
/// </para>
/// <para>
/// A full collection is due when the old objects have grown by as much as there were after the last full
/// one, so that its cost is proportional to what was allocated in between. A limit, and a machine with
/// little memory left, make it due earlier.
/// </para>
/// </remarks>
internal static unsafe class Budget
{
    private const nuint DefaultYoung = 16 << 20, MaxYoung = 256 << 20;

    // The young budget is at most this part of a limit.
    private const nuint PartOfLimit = 16;

    // The number of young budgets by which the old objects of a small heap grow before a full collection.
    // With twice as many, programs that keep little use up to half as much memory again, and a quarter less
    // time.
    private const nuint MinGrowth = 2;

    // The largest number of full collections in a row without a young one in between.
    private const int MostSkipped = 4;

    // The part of the live objects that is allocated before a full collection without a young one in between.
    // With all of them, trees and parallel of the benchmark needed 1.3 and 1.4 times as much memory as on the
    // stock collector, although they used less time.
    private const nuint InVainDivisor = 2;

    // The parts of a young budget from which on much of it has survived, or little.
    private const nuint MuchSurvives = 4, LittleSurvives = 16;

    // GCConserveMemory: from 0 to 9.
    private const nuint MostConserving = 9, Tenths = 10;

    // The tenths of the memory from which on memory is low; also the stock collector's.
    private const nuint HighLoad = 9;

    // The level to which memory is conserved then.
    private const nuint ConservingIfLow = 7;

    // The part of the growth that is left when marking begins, and by which it may be exceeded.
    private const nuint MarkingDivisor = 4;

    // The smallest young budget if full collections mark while threads run is this part of the usual one.
    // With 4 MiB, it takes some milliseconds to mark all of it.
    private const nuint YoungDivisor = 4;

    // With this, tests end full collections before everything is marked.
    private const int MostYoungUnderStress = 4;

    private static nuint s_young;
    private static nuint s_minYoung;
    private static bool s_isFixed;
    private static nuint s_conserve;

    // Since the last collection, and since the last full collection.
    private static nuint s_allocated;
    private static nuint s_allocatedSinceFull;

    private static nuint s_fullAt;

    // The size of old objects at which a full collection no longer marks while threads run.
    private static nuint s_fullBefore;

    // The number of young collections since the last full one.
    private static int s_youngSinceFull;
    private static bool s_isFullDue;

    // The number of full collections before the next young one, and what it becomes if that is in vain again.
    private static int s_skipped;
    private static int s_nextSkipped;

    // Whether the next full collection returns as much memory as possible.
    private static bool s_returnsMemory;

    // Whether the machine or container had little memory left at the last full collection.
    private static bool s_isMemoryLow;

    /// <summary>The number of bytes between two young collections.</summary>
    internal static nuint Young => s_young;

    /// <summary>The number of bytes allocated since the last collection.</summary>
    internal static nuint Allocated => Atomic.Read(ref s_allocated);

    /// <summary>Determines whether a collection is due.</summary>
    internal static bool IsDue => Atomic.Read(ref s_allocated) >= s_young && !NoCollectionRegion.Allows();

    /// <summary>Determines whether the next collection must be a full one.</summary>
    internal static bool IsFullDue => !AllocatedRanges.IsComplete || CollectorSettings.MarksAlways
        || (s_isFullDue && (!GcHeap.AvoidsFullCollections || s_isMemoryLow || HeapLimit.Bytes != 0));

    /// <summary>Determines whether a full collection that has begun must end now.</summary>
    internal static bool IsFullOverdue => CollectedHeap.LiveBytes >= s_fullBefore
        || (CollectorSettings.MarksAlways && s_youngSinceFull >= MostYoungUnderStress);

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
            return kept > s_young && !s_isMemoryLow ? kept : s_young;
        }
    }

    /// <summary>Reads the settings; called once.</summary>
    internal static void Initialize()
    {
        s_isFixed = Runtime.TryGetInteger("GCgen0size"u8, "System.GC.Gen0Size"u8, out long size) && size > 0;
        s_young = s_minYoung = s_isFixed ? (nuint)size : MinYoung(HeapLimit.Bytes);
        s_conserve = Runtime.TryGetInteger("GCConserveMemory"u8, "System.GC.ConserveMemory"u8, out long level)
            && level > 0 ? (nuint)level : 0;
        s_conserve = s_conserve > MostConserving ? MostConserving : s_conserve;
        s_fullAt = MinGrowth * s_young;
        s_fullBefore = s_fullAt + (s_fullAt / MarkingDivisor);
    }

    /// <summary>Makes the next full collection return the memory of holes to the system.</summary>
    internal static void ReturnMemory() => s_returnsMemory = true;

    /// <summary>Counts memory that a thread acquires.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Count(nuint bytes) => _ = Atomic.Add(ref s_allocated, bytes);

    /// <summary>Sets the budgets after a collection.</summary>
    /// <param name="full">Whether it was a full collection.</param>
    /// <param name="survived">The size of the young objects that survived.</param>
    /// <param name="live">The size of all objects.</param>
    /// <param name="memoryLoad">The number of bytes in use of the machine or container.</param>
    internal static void Update(bool full, nuint survived, nuint live, ulong memoryLoad)
    {
        nuint allocated = Atomic.Exchange(ref s_allocated, 0);
        s_allocatedSinceFull += allocated;
        s_youngSinceFull = full ? 0 : s_youngSinceFull + 1;
        if (full)
        {
            s_isMemoryLow = memoryLoad >= SystemMemory.TotalBytes() / Tenths * HighLoad;
            s_allocatedSinceFull = 0;
            s_returnsMemory = false;
            // While it marks, the old objects continue to grow.
            nuint growth = Growth(live);
            nuint margin = CollectorSettings.MarksConcurrently ? growth / MarkingDivisor : 0;
            s_fullAt = live + growth - margin;
            s_fullBefore = live + growth + margin;

            // Because of a limit, too.
            IsFullUrgent = s_isMemoryLow || (HeapLimit.Bytes != 0 && growth < live);
        }

        s_isFullDue = live >= s_fullAt;
        if (!s_isFixed && !CollectorSettings.MarksConcurrently)
        {
            Adapt(full, allocated, survived, live);
        }
        else if (!s_isFixed && !full)
        {
            AdaptPause(allocated, survived);
        }

        if (s_isFullDue)
        {
            FullCollectionNotice.ReportApproach();
        }
    }

    // A small part of a small heap.
    private static nuint MinYoung(nuint limit)
    {
        const nuint Least = 1 << 20;
        nuint most = limit / PartOfLimit;
        return limit == 0 || most >= DefaultYoung ? DefaultYoung : most < Least ? Least : most;
    }

    /// <summary>Adapts the young budget to the pauses of young collections.</summary>
    private static void AdaptPause(nuint allocated, nuint survived)
    {
        if (survived > allocated / MuchSurvives)
        {
            s_young = s_young / 2 < s_minYoung / YoungDivisor ? s_young : s_young / 2;
        }
        else if (survived < allocated / LittleSurvives)
        {
            s_young = s_young * 2 > s_minYoung ? s_minYoung : s_young * 2;
        }
    }

    private static void Adapt(bool full, nuint allocated, nuint survived, nuint live)
    {
        if (!full && survived > allocated / MuchSurvives)
        {
            s_young *= 2;
        }
        else if (!full && survived < allocated / LittleSurvives)
        {
            s_young /= 2;
        }

        // The old objects do not exceed the size at which they are collected by much.
        nuint room = s_fullAt > live ? s_fullAt - live : 0;
        nuint most = live / 2 < MaxYoung ? live / 2 : MaxYoung;
        most = most > room ? room : most;
        nuint limit = HeapLimit.Bytes;
        most = limit != 0 && most > limit / PartOfLimit ? limit / PartOfLimit : most;
        s_young = s_young > most ? most : s_young;
        s_young = s_young < s_minYoung ? s_minYoung : s_young;
        if (room <= MaxYoung && IsYoungInVain(full, allocated, survived))
        {
            // Not all of the room: at that time, the heap has its greatest size, and garbage is most of it.
            nuint wait = live / InVainDivisor < room ? live / InVainDivisor : room;
            s_young = s_young < wait ? wait : s_young;
            s_isFullDue = true;
        }
    }

    /// <summary>Determines whether to wait for the next full collection.</summary>
    private static bool IsYoungInVain(bool full, nuint allocated, nuint survived)
    {
        if (full)
        {
            return s_skipped > 0 && --s_skipped > 0;
        }

        bool isInVain = survived > allocated / 2;
        s_nextSkipped = !isInVain ? 1 : s_nextSkipped < MostSkipped ? s_nextSkipped + 1 : MostSkipped;
        s_skipped = isInVain ? s_nextSkipped : 0;
        return isInVain;
    }

    /// <summary>The growth of old objects until the next full collection.</summary>
    private static nuint Growth(nuint live)
    {
        nuint conserve = s_isMemoryLow && s_conserve < ConservingIfLow ? ConservingIfLow : s_conserve;
        nuint growth = live / Tenths * (Tenths - conserve);
        growth = growth < MinGrowth * s_minYoung ? MinGrowth * s_minYoung : growth;
        nuint limit = HeapLimit.Bytes;
        nuint room = limit > live ? (limit - live) / 2 : 0;
        return limit != 0 && growth > room ? room : growth;
    }
}
