namespace Quarry.Malloc;

/// <content>Observers and samplers of all arenas.</content>
/// <remarks>
/// The process heap has the values, and the other arenas have copies. Once other threads can find an arena,
/// only a thread with the lock copies to it, so that no copy overwrites a later one. A thread that cannot
/// enter the lock leaves the copying to the thread that is inside.
/// </remarks>
internal static unsafe partial class Arenas
{
    // 1 if the values have changed since they were last copied.
    private static nuint s_observersChanged;

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
    /// <remarks>Calls for one heap exclude each other; they are made inside the recording.</remarks>
    /// <param name="first">The process heap.</param>
    /// <param name="sampler">The sampler.</param>
    internal static void SetSampler(HeapState* first, HeapSampler* sampler)
    {
        HeapState.SetSampler(first, sampler);
        ObserveOthers();
    }

    /// <summary>Leaves the lock, and copies the observer and the sampler if they have changed.</summary>
    internal static void Unlock()
    {
        s_lock.Exit();

        // A full fence between leaving and reading. Pairs with ObserveOthers, which sets the word and then
        // tries to enter: either that thread finds the lock free, or this one finds the word set.
        while (Atomic.Add(ref s_observersChanged, 0) != 0 && s_lock.TryEnter())
        {
            // Before the values are read: one that is set during the copying sets the word again.
            _ = Atomic.Exchange(ref s_observersChanged, 0);
            nuint index = AfterFirst;
            while (TryNext(ref index, out Arena* arena))
            {
                Observe(arena->Heap);
            }

            s_lock.Exit();
        }
    }

    // Does not wait: profiles are switched inside slow paths, and the caller itself may have the lock.
    private static void ObserveOthers()
    {
        // After the values, and before the number and the lock are read. Pairs with Unlock, before which a
        // thread that creates the second arena has written the number.
        _ = Atomic.Exchange(ref s_observersChanged, 1);
        if (Count > 1 && TryLock())
        {
            Unlock();
        }
    }

    /// <summary>
    /// Copies the observer and the sampler. The caller has the lock, or no other thread can find the heap.
    /// </summary>
    private static void Observe(HeapState* heap)
    {
        HeapState* first = ProcessHeap.Heap;

        // Set before there is another arena.
        heap->ProgressPaths = first->ProgressPaths;
        HeapObserver* observer = (HeapObserver*)Atomic.Read(ref *(nuint*)&first->Observer);
        if (heap->Observer != observer)
        {
            HeapState.SetObserver(heap, observer);
        }

        // The interval first: a thread that reads one also reads a sampler. Pairs with HeapState.SetSampler.
        nuint interval = Atomic.Read(ref first->SampleInterval);
        HeapSampler* sampler = (HeapSampler*)Atomic.Read(ref *(nuint*)&first->Sampler);
        if (heap->SampleInterval != interval || (interval != 0 && heap->Sampler != sampler))
        {
            HeapState.SetSampler(heap, interval == 0 ? null : sampler);
        }
    }
}
