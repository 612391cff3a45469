namespace Quarry.Malloc;

/// <summary>Reads the statistics of the process heap.</summary>
internal static unsafe class ProcessStatistics
{
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
        ThreadHeap* thread = ThreadWord.ProcessHeap;

        // A signal handler may have interrupted this thread inside the heap.
        if (thread->Heap != null && thread->Busy == 0)
        {
            HeapUpkeep.Settle(thread);
        }

        return ReadUnsettled(classes);
    }

    /// <summary>Reads the statistics without using the thread heap, for callers inside the heap.</summary>
    /// <returns>The totals; zeros before the first allocation.</returns>
    internal static HeapStatistics ReadUnsettled(SizeClassStatistics* classes)
    {
        HeapState* heap = ProcessHeap.Heap;
        if (heap != null)
        {
            return HeapCensus.Take<Geometry>(heap, classes);
        }

        for (int index = 0; index < SmallSizes<Geometry>.Count; index++)
        {
            classes[index] = default;
        }

        return default;
    }
}
