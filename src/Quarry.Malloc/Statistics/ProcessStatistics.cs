namespace Quarry.Malloc;

/// <summary>Reads the statistics of all heaps of the process together.</summary>
internal static unsafe class ProcessStatistics
{
    // Another thread that has the lock reads tables, which takes a millisecond.
    private const int LockAttempts = 1000;

    /// <summary>Reads the totals.</summary>
    internal static HeapStatistics Read()
    {
        SizeClassStatistics* classes = stackalloc SizeClassStatistics[SmallSizes<Geometry>.Count];
        return Read(classes);
    }

    /// <summary>
    /// Reads the totals and the statistics of each size class, exact for the calling thread.
    /// </summary>
    internal static HeapStatistics Read(SizeClassStatistics* classes)
    {
        Settle();
        return ReadUnsettled(classes);
    }

    /// <summary>Makes the statistics exact for the calling thread.</summary>
    internal static void Settle()
    {
        ThreadHeap* thread = ThreadWord.ProcessHeap;
        if (thread->Heap != null)
        {
            Settle(thread);
            Settle(ThreadHeap.HomeOf(thread));
            ArenaGuests.Settle(ThreadHeap.HomeOf(thread), flushes: false);
        }
    }

    /// <summary>Reads the statistics without using the thread heap, for callers inside the heap.</summary>
    /// <returns>The totals; zeros before the first allocation.</returns>
    internal static HeapStatistics ReadUnsettled(SizeClassStatistics* classes)
    {
        HeapState* heap = ProcessHeap.Heap;
        if (heap != null)
        {
            HeapStatistics result = HeapCensus.Take<Geometry>(heap, classes);
            if (Arenas.Count > 1)
            {
                AddArenas(ref result, classes);
            }

            return result;
        }

        for (int index = 0; index < SmallSizes<Geometry>.Count; index++)
        {
            classes[index] = default;
        }

        return default;
    }

    private static void AddArenas(ref HeapStatistics sum, SizeClassStatistics* classes)
    {
        // The caller itself may have the lock: creating and destroying arenas calls the program's extent
        // hooks. Its numbers are then those of the process heap alone.
        for (int attempt = 0; !Arenas.TryLock(); attempt++)
        {
            if (attempt == LockAttempts)
            {
                return;
            }

            Os.Yield();
        }

        SizeClassStatistics* part = stackalloc SizeClassStatistics[SmallSizes<Geometry>.Count];
        nuint index = Arenas.AfterFirst;
        while (Arenas.TryNext(ref index, out Arena* arena))
        {
            sum.Add(HeapCensus.Take<Geometry>(arena->Heap, part));
            for (int sizeClass = 0; sizeClass < SmallSizes<Geometry>.Count; sizeClass++)
            {
                classes[sizeClass].Add(part[sizeClass]);
            }
        }

        Arenas.Unlock();
    }

    private static void Settle(ThreadHeap* thread)
    {
        // A signal handler may have interrupted this thread inside the heap.
        if (thread->Busy == 0)
        {
            HeapUpkeep.Settle(thread);
        }
    }
}
