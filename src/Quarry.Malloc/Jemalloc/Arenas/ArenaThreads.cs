namespace Quarry.Malloc;

/// <summary>The thread heaps that a thread has in arenas.</summary>
/// <remarks>
/// A thread always has one in arena 0, its home. The thread word is that one, or the one in the arena to
/// which the thread is bound, so that the fast paths serve a bound thread from its arena. In other arenas a
/// thread claims a shared thread heap for each call.
/// </remarks>
internal static unsafe class ArenaThreads
{
    /// <summary>Returns the thread heap that a thread has in a heap; null if it has none.</summary>
    /// <param name="own">The thread heap of the calling thread, or a placeholder.</param>
    /// <param name="heap">The heap.</param>
    internal static ThreadHeap* Find(ThreadHeap* own, HeapState* heap)
    {
        ThreadHeap* home = ThreadHeap.HomeOf(own);
        return own->Heap == heap ? own : home->Heap == heap ? home : null;
    }

    /// <summary>Claims a thread heap of an arena for one call; null if out of memory.</summary>
    /// <param name="own">The thread heap of the calling thread.</param>
    /// <param name="heap">The heap of the arena.</param>
    internal static ThreadHeap* Enter(ThreadHeap* own, HeapState* heap)
    {
        // A signal handler may have interrupted the fast path of its thread's own one.
        ThreadHeap* thread = ThreadWord.Interrupted == null ? Find(own, heap) : null;
        return thread != null ? thread : ThreadLifetime.AcquireShared(heap, own->ThreadId);
    }

    /// <summary>Ends a call for which <see cref="Enter"/> returned a thread heap.</summary>
    internal static void Leave(ThreadHeap* thread)
    {
        if (thread->IsShared)
        {
            ThreadLifetime.ReleaseShared(thread);
        }
    }

    /// <summary>
    /// Counts bytes that a thread did not allocate from a thread heap of its own, if it asked for that.
    /// </summary>
    internal static void CountAllocated(ThreadHeap* own, nuint bytes)
    {
        if (own->Counted)
        {
            ThreadLifetime.CountAllocated(own, bytes);
        }
    }

    /// <inheritdoc cref="CountAllocated"/>
    internal static void CountFreed(ThreadHeap* own, nuint bytes)
    {
        if (own->Counted)
        {
            ThreadHeap.HomeOf(own)->FreedBytes += bytes;
        }
    }

    /// <summary>Frees a block whose bytes were counted as freed before, when it was put into a cache.
    /// </summary>
    internal static void FreeUncounted(void* block)
    {
        ThreadHeap* home = ThreadHeap.HomeOf(ThreadWord.Own);
        nuint counted = home->FreedBytes;
        Frontend.Free(block, ThreadWord.ProcessHeap);
        if (home->Counted)
        {
            home->FreedBytes = counted;
        }
    }

    /// <summary>Binds the calling thread to an arena, which then serves its <c>malloc</c>.</summary>
    /// <returns>0, or an error number.</returns>
    internal static int Bind(nuint index)
    {
        ThreadHeap* own = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (own == null || ThreadWord.Interrupted != null)
        {
            return MallctlError.TryAgain;
        }

        // The lock excludes that the arena is destroyed before the thread counts as bound.
        Arenas.Lock();
        HeapState* heap = Arenas.HeapOf(index);
        ThreadHeap* home = ThreadHeap.HomeOf(own);
        ThreadHeap* next = heap == null ? null
            : heap == own->Heap ? own
            : heap == home->Heap ? home
            : ThreadLifetime.Acquire(heap, Os.ThreadId());
        if (next != null && next != home)
        {
            next->Home = home;
        }

        Arenas.Unlock();
        if (next == null || next == own)
        {
            return next != null ? MallctlError.None
                : heap == null ? MallctlError.Fault
                : MallctlError.TryAgain;
        }

        if (home->Counted)
        {
            ThreadLifetime.StartCounting(next);
        }

        ThreadWord.ProcessHeap = next;
        if (own != home)
        {
            Release(own);
        }

        return MallctlError.None;
    }

    /// <summary>Returns the number of threads that are bound to an arena other than the first.</summary>
    internal static uint CountBound(HeapState* heap)
    {
        uint count = 0;
        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            int user = thread->ThreadId;
            bool ended = user == 0
                || (user != ThreadOwnership.Unknown && Os.ThreadHasEnded(heap->ProcessId, user));
            count += thread->IsShared || ended ? 0u : 1u;
        }

        return count;
    }

    /// <summary>Returns the unused memory of an arena to the system; returns the number of bytes.</summary>
    internal static nuint Trim(ThreadHeap* own, HeapState* heap)
    {
        ThreadHeap* thread = Enter(own, heap);
        if (thread == null)
        {
            return heap->Backend.PurgeAll();
        }

        nuint bytes = HeapUpkeep.Trim(thread);
        Leave(thread);
        return bytes;
    }

    /// <summary>Ends the use of an arena by the thread that was bound to it.</summary>
    internal static void Release(ThreadHeap* thread)
    {
        ThreadLifetime.Detach(thread);
        ThreadLifetime.Retire(thread);
    }
}
