namespace Quarry.Malloc;

/// <summary>Reads the statistics of the process heap.</summary>
internal static unsafe class ProcessStatistics
{
    /// <summary>Reads the totals.</summary>
    internal static HeapStatistics Read()
    {
        SizeClassStatistics* classes = stackalloc SizeClassStatistics[SizeClass.Count];
        return Read(classes);
    }

    /// <summary>
    /// Reads the totals and the statistics of each size class, exact for the calling thread.
    /// </summary>
    internal static HeapStatistics Read(SizeClassStatistics* classes)
    {
        ThreadHeap* thread = ThreadWord.ProcessHeap;

        // A signal handler may have interrupted this thread inside the heap.
        if (thread->Heap != null && thread->Busy == 0)
        {
            ThreadHeap.Settle(thread);
        }

        return ReadUnsettled(classes);
    }

    /// <summary>Reads the same without touching the thread heap, for callers inside the heap.</summary>
    /// <returns>Zeros before the first allocation.</returns>
    internal static HeapStatistics ReadUnsettled(SizeClassStatistics* classes)
    {
        HeapState* heap = ProcessHeap.State;
        if (heap != null)
        {
            return HeapCensus.Take(heap, classes);
        }

        for (int index = 0; index < SizeClass.Count; index++)
        {
            classes[index] = default;
        }

        return default;
    }
}
