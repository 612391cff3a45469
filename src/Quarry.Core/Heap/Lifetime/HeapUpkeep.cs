namespace Quarry;

/// <summary>
/// Returns unused memory: in a background thread, on request, and before a request fails.
/// </summary>
internal static unsafe class HeapUpkeep
{
    /// <summary>
    /// Does a part of the upkeep in a background thread, which has no thread heap: purges memory, relieves
    /// sleeping threads, and abandons and sweeps thread heaps of ended ones.
    /// </summary>
    /// <param name="heap">The heap.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <returns>True if the pass of purging is incomplete.</returns>
    internal static bool Attend(HeapState* heap, nuint now)
    {
        if (heap->Backend.DecayMilliseconds <= 0)
        {
            return false;
        }

        RemoteQueue.RelieveIfDue(heap, null, now);
        ThreadLifetime.ReclaimDead(heap, null, ThreadLifetime.SearchLimit);
        IdlePages.StepAbandoned(heap, ThreadOwnership.CurrentId(heap), now);
        return heap->Backend.Step(now);
    }

    /// <summary>Returns all memory that this thread and the heap retain for later use.</summary>
    /// <returns>The number of bytes returned to the system.</returns>
    internal static nuint Trim(ThreadHeap* thread)
    {
        byte frame;
        nuint purged = 0;
        if (ThreadLifetime.TryEnter(thread, &frame))
        {
            RecoverEntered(thread);
            purged = PurgeHoles(thread);
            ThreadLifetime.Leave(thread);
        }

        return purged + thread->Heap->Backend.PurgeAll();
    }

    /// <summary>
    /// Makes a step of sweeping idle pages, in the slow path of a large block: a thread may allocate no
    /// others for a long time.
    /// </summary>
    internal static void SweepIdle(ThreadHeap* thread)
    {
        byte frame;
        if (ThreadLifetime.TryEnter(thread, &frame))
        {
            IdlePages.Step(thread, thread->ClockAt);
            ThreadLifetime.Leave(thread);
        }
    }

    /// <summary>Returns all free blocks that this thread retains to their pages.</summary>
    internal static void Flush(ThreadHeap* thread)
    {
        byte frame;
        if (ThreadLifetime.TryEnter(thread, &frame))
        {
            ThreadLifetime.Settle(thread);
            ReturnLists(thread);
            ThreadLifetime.Leave(thread);
        }
    }

    /// <summary>
    /// Sets whether the free lists of this thread hold many blocks, or one; returns its free blocks to their
    /// pages in the latter case.
    /// </summary>
    internal static void SetCached(ThreadHeap* thread, bool cached)
    {
        thread->Uncached = !cached;
        ThreadHeap.SetRefillLimit(thread, cached ? 0 : 1);
        if (!cached)
        {
            Flush(thread);
        }
    }

    /// <summary>
    /// Posts and drains the remote frees of this thread, so that its statistics are exact.
    /// </summary>
    internal static void Settle(ThreadHeap* thread)
    {
        byte frame;
        if (ThreadLifetime.TryEnter(thread, &frame))
        {
            ThreadLifetime.Settle(thread);
            ThreadLifetime.Leave(thread);
        }
    }

    /// <summary>
    /// Frees the pages whose blocks are all free, including blocks in the cache and queue of this thread, and
    /// in those of ended and sleeping threads.
    /// </summary>
    internal static void Recover(ThreadHeap* thread)
    {
        byte frame;
        if (ThreadLifetime.TryEnter(thread, &frame))
        {
            RecoverEntered(thread);
            ThreadLifetime.Leave(thread);
        }
    }

    private static void ReturnLists(ThreadHeap* thread)
    {
        for (int sizeClass = 0; sizeClass < thread->Heap->ClassCount; sizeClass++)
        {
            PageQueues.ReturnList(thread, sizeClass);
            Page* page = ThreadHeap.Current(thread)[sizeClass];
            if (page != null && page->Used == 0)
            {
                ThreadHeap.Current(thread)[sizeClass] = null;
                PageQueues.Free(thread->Heap, page);
            }
        }
    }

    /// <summary>
    /// Purges what is entirely free in the pages of this thread, and in those of abandoned thread heaps.
    /// </summary>
    private static nuint PurgeHoles(ThreadHeap* thread)
    {
        // Only available pages can have holes.
        PageQueues.ReturnAll(thread);
        nuint purged = IdlePages.PurgeAll(thread);
        int threadId = ThreadOwnership.CurrentId(thread->Heap);
        for (ThreadHeap* other = thread->Heap->Threads; other != null; other = other->Next)
        {
            if (ThreadOwnership.TryClaimAbandoned(other, threadId))
            {
                if (other->KeepsLists)
                {
                    PageQueues.ReturnAll(other);
                }

                purged += IdlePages.PurgeAll(other);
                ThreadOwnership.Abandon(other);
            }
        }

        return purged;
    }

    private static void RecoverAbandoned(ThreadHeap* abandoned, int threadId)
    {
        if (ThreadOwnership.TryClaimAbandoned(abandoned, threadId))
        {
            RemoteQueue.Drain(abandoned);
            ReturnLists(abandoned);
            ThreadOwnership.Abandon(abandoned);
        }
    }

    private static void RecoverEntered(ThreadHeap* thread)
    {
        ThreadLifetime.Settle(thread);
        int threads = 0;
        int threadId = ThreadOwnership.CurrentId(thread->Heap);
        for (ThreadHeap* other = thread->Heap->Threads; other != null; other = other->Next)
        {
            threads++;
            if (other->IsShared || other->KeepsLists)
            {
                RecoverAbandoned(other, threadId);
            }
            else if (other != thread)
            {
                RemoteQueue.Relieve(other, threadId);
            }
        }

        ThreadLifetime.ReclaimDead(thread->Heap, thread, threads);
    }
}
