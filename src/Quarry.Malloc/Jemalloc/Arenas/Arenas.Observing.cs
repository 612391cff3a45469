namespace Quarry.Malloc;

/// <content>Observers and samplers of all arenas.</content>
internal static unsafe partial class Arenas
{
    /// <summary>
    /// Installs an observer in all arenas; those that are created later have it, too. Null removes it.
    /// </summary>
    /// <param name="first">The process heap.</param>
    /// <param name="observer">The observer.</param>
    internal static void SetObserver(HeapState* first, HeapObserver* observer)
    {
        HeapState.SetObserver(first, observer);
        ObserveOthers();
    }

    /// <summary>
    /// Installs a sampler in all arenas; those that are created later have it, too. Null removes it.
    /// </summary>
    /// <param name="first">The process heap.</param>
    /// <param name="sampler">The sampler.</param>
    internal static void SetSampler(HeapState* first, HeapSampler* sampler)
    {
        HeapState.SetSampler(first, sampler);
        ObserveOthers();
    }

    private static void ObserveOthers()
    {
        // Profiles are switched inside slow paths. If the thread is creating or destroying an arena there,
        // the others keep what they have.
        if (Count == 1 || !TryLock())
        {
            return;
        }

        nuint index = AfterFirst;
        while (TryNext(ref index, out Arena* arena))
        {
            Observe(arena->Heap);
        }

        Unlock();
    }

    private static void Observe(HeapState* heap)
    {
        HeapState* first = ProcessHeap.Heap;
        heap->ProgressPaths = first->ProgressPaths;
        if (heap->Observer != first->Observer)
        {
            HeapState.SetObserver(heap, first->Observer);
        }

        if (heap->SampleInterval != first->SampleInterval || heap->Sampler != first->Sampler)
        {
            HeapState.SetSampler(heap, first->SampleInterval == 0 ? null : first->Sampler);
        }
    }
}
