namespace Quarry.Malloc;

/// <summary>The figures of the process's heap.</summary>
internal static unsafe class Census
{
    /// <summary>Takes the totals alone.</summary>
    internal static HeapStatistics Take()
    {
        SizeClassStatistics* classes = stackalloc SizeClassStatistics[SmallSizes<EightPerDoubling>.Count];
        return Take(classes);
    }

    /// <summary>Takes the totals and those of each class; all zero before the first allocation.</summary>
    internal static HeapStatistics Take(SizeClassStatistics* classes)
    {
        HeapState* heap = ProcessHeap.Heap;
        ThreadHeap* thread = ThreadWord.ProcessHeap;
        if (thread->Heap != null)
        {
            HeapUpkeep.Settle(thread);
        }

        if (heap != null)
        {
            return HeapCensus.Take<EightPerDoubling>(heap, classes);
        }

        for (int index = 0; index < SmallSizes<EightPerDoubling>.Count; index++)
        {
            classes[index] = default;
        }

        return default;
    }
}
