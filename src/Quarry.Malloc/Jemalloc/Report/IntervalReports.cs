namespace Quarry.Malloc;

/// <summary>
/// Prints the statistics each time that a number of bytes has been allocated, by any thread: the option
/// <c>stats_interval</c>.
/// </summary>
/// <remarks>
/// The fast path counts nothing, so the number is added up in slow paths, from what threads have put into
/// their lists. A thread takes one after 4 MiB at the latest, or after the interval if that is less.
/// </remarks>
internal static unsafe class IntervalReports
{
    // The most bytes that a refill provides, for the most part.
    private const nuint BytesPerRefill = Region.SliceSize;

    // The total at which the next report is due.
    private static nuint s_due;

    // 1 while a thread prints: what it calls may allocate.
    private static nuint s_printing;

    internal static bool IsOn => JemallocOptions.PrintInterval >= 0;

    // As in jemalloc, an interval of 0 means each opportunity.
    private static nuint Interval =>
        JemallocOptions.PrintInterval == 0 ? 1 : (nuint)JemallocOptions.PrintInterval;

    /// <summary>Starts counting; returns whether <see cref="OnProgress"/> is needed.</summary>
    internal static bool Start(HeapState* heap)
    {
        if (!IsOn)
        {
            return false;
        }

        s_due = Interval;
        ThreadClock.SetProgressPaths(heap, Interval / BytesPerRefill);
        return true;
    }

    /// <summary>Prints the statistics if they are due; called inside slow paths.</summary>
    internal static void OnProgress()
    {
        if (!IsOn || !Arenas.TryLock())
        {
            return;
        }

        nuint total = 0;
        nuint index = 0;
        while (Arenas.TryNext(ref index, out Arena* arena))
        {
            total += HeapCensus.AllocatedBytes<Geometry>(arena->Heap);
        }

        Arenas.Unlock();
        nuint due = Atomic.Read(ref s_due);
        if (total >= due && Atomic.TryReplace(ref s_printing, 0, 1))
        {
            Atomic.Write(ref s_due, total - (total % Interval) + Interval);
            JemallocReport.AtInterval();
            Atomic.Write(ref s_printing, 0);
        }
    }

    /// <summary>Continues in the child of a fork, whose parent may have been printing.</summary>
    internal static void StartInChild() => s_printing = 0;
}
