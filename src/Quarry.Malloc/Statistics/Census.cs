namespace Quarry.Malloc;

/// <summary>The figures of the process's heap.</summary>
internal static unsafe class Census
{
    /// <summary>Takes the totals alone.</summary>
    internal static HeapStatistics Take()
    {
        SizeClassStatistics* classes = stackalloc SizeClassStatistics[SizeClass.Count];
        return Take(classes);
    }

    /// <summary>Takes the totals and those of each class; all zero before the first allocation.</summary>
    internal static HeapStatistics Take(SizeClassStatistics* classes)
    {
        HeapState* heap = ProcessHeap.State;
        ThreadHeap* thread = ThreadWord.ProcessHeap;
        if (thread->Heap != null)
        {
            ThreadHeap.Settle(thread);
        }

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
