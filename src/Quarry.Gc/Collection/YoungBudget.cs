namespace Quarry.Gc;

/// <summary>The number of bytes that are allocated between two young collections.</summary>
/// <remarks>
/// <para>
/// The budget is 4 MiB: more and the objects leave the cache before their memory is reused; less and the
/// fixed costs of a collection, which are those of suspension and roots, become noticeable. Where they are
/// noticeable even so, in programs with many threads, deep stacks or many handles, it doubles up to 16 MiB.
/// </para>
/// <para>
/// While much of it survives, which a young collection has to mark for little gain, it doubles up to half of
/// the old objects. If full collections mark while threads run, the pauses of young collections are what is
/// left. It is then as large as their duration allows, because a part of their work does not depend on it:
/// the cards of a large array in which references are stored at random, for example, are set each time.
/// </para>
/// </remarks>
internal static unsafe class YoungBudget
{
    // In general, if collections are costly, and if much survives.
    private const nuint Usual = 4 << 20, MaxIfCostly = 16 << 20, Max = 256 << 20;

    // The parts of the budget from which on much of it has survived, or little.
    private const nuint MuchSurvives = 4, LittleSurvives = 16;

    // The budget is at most this part of the old objects. If full collections mark while threads run, several
    // budgets are allocated until one ends, and add to the heap.
    private const nuint Part = 2, PartIfConcurrent = 8;

    // A collection is costly if it takes more than this part of the time since the previous one.
    private const ulong CostlyDivisor = 4;

    // The budget is at most this part of a limit.
    private const nuint PartOfLimit = 16;

    private static nuint s_least;

    // The time at which the last collection ended.
    private static ulong s_ended;

    /// <summary>The number of bytes.</summary>
    internal static nuint Size { get; private set; }

    /// <summary>Determines whether a setting gives the size, so that it does not adapt.</summary>
    internal static bool IsFixed { get; private set; }

    /// <summary>Reads the setting; called once.</summary>
    internal static void Initialize()
    {
        IsFixed = Runtime.TryGetInteger("GCgen0size"u8, "System.GC.Gen0Size"u8, out long size) && size > 0;
        Size = s_least = IsFixed ? (nuint)size : LeastWithin(HeapLimit.Bytes);
    }

    /// <summary>Adapts the size after a collection.</summary>
    /// <param name="record">The collection.</param>
    /// <param name="allocated">The number of bytes that were allocated before it.</param>
    /// <param name="survived">How many of them survived.</param>
    /// <param name="live">The size of all objects.</param>
    /// <param name="room">The number of bytes by which they may grow until a full collection.</param>
    internal static void Adapt(
        CollectionRecord* record, nuint allocated, nuint survived, nuint live, nuint room)
    {
        bool isCostly = record->Swept - record->Start > (record->Start - s_ended) / CostlyDivisor;
        s_ended = record->Swept;
        if (record->IsPromotion)
        {
            // Nothing was marked, so its duration is not that of a collection of this size.
        }
        else if (record->Generation == GcHeap.OldestGeneration)
        {
            // Most of its work was for old objects. If full collections mark while threads run from now on,
            // the right size is not known yet.
            Size = ConcurrentMark.IsWorth && !record->IsConcurrent ? s_least : Size;
        }
        else if (survived > allocated / MuchSurvives)
        {
            Size = ConcurrentMark.IsWorth ? SizeForPause(record->Swept - record->Suspended) : Size * 2;
        }
        else if (survived < allocated / LittleSurvives)
        {
            Size = !isCostly ? Size / 2 : Size < MaxIfCostly ? Size * 2 : Size;
        }

        // The old objects do not exceed the size at which they are collected by much.
        nuint part = live / (ConcurrentMark.IsWorth ? PartIfConcurrent : Part);
        nuint most = part < Max ? part : Max;
        most = most > room ? room : most;
        most = most < MaxIfCostly && !ConcurrentMark.IsWorth ? MaxIfCostly : most;
        nuint limit = HeapLimit.Bytes;
        most = limit != 0 && most > limit / PartOfLimit ? limit / PartOfLimit : most;
        Size = Size > most ? most : Size;
        Size = Size < s_least ? s_least : Size;
    }

    /// <summary>Makes the size at least a number of bytes, until the next collection.</summary>
    internal static void Extend(nuint size) => Size = Size < size ? size : Size;

    /// <summary>The size with which the next collection takes about a frame of a display.</summary>
    /// <param name="pause">How long the last one took, in nanoseconds.</param>
    private static nuint SizeForPause(ulong pause)
    {
        const ulong Accepted = 15_000_000;
        return pause < Accepted / 2 ? Size * 2
            : pause > Accepted * 2 ? Size / 2
            : (nuint)(Size * Accepted / pause);
    }

    // A small part of a small heap.
    private static nuint LeastWithin(nuint limit)
    {
        const nuint Least = 1 << 20;
        nuint most = limit / PartOfLimit;
        return limit == 0 || most >= Usual ? Usual : most < Least ? Least : most;
    }
}
