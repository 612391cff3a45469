namespace Quarry;

/// <summary>Using what ended threads have left: their thread heaps, or single pages of them.</summary>
internal unsafe partial struct ThreadHeap
{
    // How many others are looked at, at most, by a thread that needs something: the cost of a thread's
    // start must not grow with their number.
    private const int SearchLimit = 4;

    // A thread that takes fresh memory looks for dead ones each 2 MiB, so that their memory serves before
    // new memory.
    private const nuint ReclaimPeriod = 32;

    private static ThreadHeap* AdoptOrphan(HeapState* heap, int threadId)
    {
        if (heap->Orphans == 0)
        {
            return null;
        }

        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            if (thread->ThreadId == 0 && TryBorrow(thread, threadId))
            {
                _ = Atomic.Subtract(ref heap->Orphans, 1);
                return thread;
            }
        }

        return null;
    }

    /// <summary>Finds a thread heap whose thread ended without telling us.</summary>
    /// <remarks>
    /// A thread that asks for a thread heap has none. One that carries its number is thus a dead thread's,
    /// whose number was given out again. The others are asked after a few at a time, each with a system
    /// call.
    /// </remarks>
    private static ThreadHeap* AdoptFromDead(HeapState* heap, int threadId)
    {
        int processId = Os.ProcessId();
        if (heap->ProcessId != processId)
        {
            return null;
        }

        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            ulong seen = Atomic.Read(ref thread->User);
            if ((int)seen == threadId && TryClaim(thread, seen, threadId))
            {
                Rebuild(thread);
                return thread;
            }
        }

        for (int checks = 0; checks < SearchLimit; checks++)
        {
            ThreadHeap* candidate = NextToCheck(heap);
            if (candidate != null && TryClaimDead(candidate, processId, threadId))
            {
                return candidate;
            }
        }

        return null;
    }

    private static bool TryClaimDead(ThreadHeap* thread, int processId, int threadId)
    {
        ulong seen = Atomic.Read(ref thread->User);
        if ((int)seen == 0 || !Os.ThreadHasEnded(processId, (int)seen) || !TryClaim(thread, seen, threadId))
        {
            return false;
        }

        Rebuild(thread);
        return true;
    }

    /// <summary>
    /// Makes orphans of the thread heaps whose threads ended unnoticed, so that their memory can be used.
    /// </summary>
    private static void ReclaimDead(ThreadHeap* thread, int limit)
    {
        HeapState* heap = thread->Heap;
        int processId = Os.ProcessId();
        for (int checks = 0; checks < limit && heap->ProcessId == processId; checks++)
        {
            ThreadHeap* candidate = NextToCheck(heap);
            if (candidate != null && candidate != thread
                && TryClaimDead(candidate, processId, thread->ThreadId))
            {
                Retire(candidate);
            }
        }
    }

    private static void ReclaimNowAndThen(ThreadHeap* thread)
    {
        if (++thread->Heap->PagesSinceReclaim >= ReclaimPeriod)
        {
            thread->Heap->PagesSinceReclaim = 0;
            ReclaimDead(thread, SearchLimit);
        }
    }

    /// <summary>
    /// The thread heaps in turn. Threads that ask at the same time may get the same, which does no harm.
    /// </summary>
    private static ThreadHeap* NextToCheck(HeapState* heap)
    {
        ThreadHeap* next = heap->NextToCheck;
        next = next != null ? next : heap->Threads;
        heap->NextToCheck = next == null ? null : next->Next;
        return next;
    }

    /// <summary>
    /// Moves a page with free blocks from an orphan to a thread that is about to take fresh memory.
    /// </summary>
    private static Page* TakeFromOrphan(ThreadHeap* thread, int sizeClass)
    {
        for (int checks = 0; checks < SearchLimit; checks++)
        {
            ThreadHeap* orphan = NextToCheck(thread->Heap);
            if (orphan->ThreadId != 0 || !TryBorrow(orphan, thread->ThreadId))
            {
                continue;
            }

            Receive(orphan);
            Page* page = Available(orphan)[sizeClass];
            if (page != null)
            {
                Unlink(orphan, page);
                page->Owner = thread;
            }

            Leave(orphan);
            if (page != null)
            {
                return page;
            }
        }

        return null;
    }
}
