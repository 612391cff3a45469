namespace Quarry;

/// <content>Reclaims thread heaps of ended threads, and single pages of abandoned ones.</content>
internal static unsafe partial class ThreadLifetime
{
    // The most thread heaps that one search inspects: the cost of checking whether threads have ended must
    // not grow with their number.
    internal const int SearchLimit = 4;

    // Ended threads are searched for once in this number of pages (2 MiB if each is one slice), so that their
    // memory is used before new memory.
    private const nuint ReclaimPeriod = 32;

    /// <summary>
    /// Abandons the thread heaps of threads whose end was not reported, so that their memory can be reused.
    /// </summary>
    /// <param name="heap">The heap.</param>
    /// <param name="self">The thread heap of the calling thread; null if it has none.</param>
    /// <param name="limit">The most thread heaps to inspect.</param>
    internal static void ReclaimDead(HeapState* heap, ThreadHeap* self, int limit)
    {
        int processId = Os.ProcessId();
        int threadId = self != null ? self->ThreadId : Os.ThreadId();
        for (int checks = 0; checks < limit && heap->ProcessId == processId; checks++)
        {
            ThreadHeap* candidate = NextToCheck(heap);
            if (candidate != null && candidate != self && TryClaimDead(candidate, processId, threadId))
            {
                Retire(candidate);
            }
        }
    }

    /// <summary>
    /// Moves a page with free blocks from an abandoned thread heap to a thread; returns null if the next few
    /// thread heaps have none.
    /// </summary>
    /// <param name="thread">
    /// The thread heap of the calling thread, which is about to allocate a fresh page.
    /// </param>
    /// <param name="sizeClass">The class of the page.</param>
    internal static Page* TakePage(ThreadHeap* thread, int sizeClass)
    {
        HeapState* heap = thread->Heap;
        if (++heap->PagesSinceReclaim >= ReclaimPeriod)
        {
            heap->PagesSinceReclaim = 0;
            ReclaimDead(heap, thread, SearchLimit);
        }

        Page* page = null;
        for (int checks = 0; checks < SearchLimit && page == null && heap->AbandonedCount != 0; checks++)
        {
            ThreadHeap* abandoned = NextToCheck(heap);
            if (abandoned->ThreadId != 0 || abandoned->Samples != thread->Samples
                || !ThreadOwnership.TryClaimAbandoned(abandoned, thread->ThreadId))
            {
                continue;
            }

            RemoteQueue.Drain(abandoned);
            if (abandoned->KeepsLists)
            {
                PageQueues.ReturnClass(abandoned, sizeClass);
            }

            page = PageQueues.TakeAvailable(abandoned, sizeClass);
            if (page != null)
            {
                Atomic.Write(ref *(nuint*)&page->Owner, (nuint)thread);
            }

            ThreadOwnership.Abandon(abandoned);
        }

        return page;
    }

    private static ThreadHeap* AcquireAbandoned(HeapState* heap, int threadId)
    {
        if (heap->AbandonedCount == 0)
        {
            return null;
        }

        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            if (TryAcquire(heap, thread, threadId))
            {
                return thread;
            }
        }

        return null;
    }

    /// <summary>Acquires the thread heap of a block if that is abandoned; returns null if not.</summary>
    private static ThreadHeap* AcquireOwner(HeapState* heap, int threadId, void* block)
    {
        Page* page = heap->Backend.Find(block, out _);
        ThreadHeap* owner = page != null && page->IsSmall
            ? (ThreadHeap*)Atomic.Read(ref *(nuint*)&page->Owner)
            : null;
        return owner != null && TryAcquire(heap, owner, threadId) ? owner : null;
    }

    private static bool TryAcquire(HeapState* heap, ThreadHeap* thread, int threadId)
    {
        if (thread->ThreadId != 0 || thread->IsShared
            || !ThreadOwnership.TryClaimAbandoned(thread, threadId))
        {
            return false;
        }

        _ = Atomic.Subtract(ref heap->AbandonedCount, 1);
        thread->KeepsLists = false;
        Update(thread);
        return true;
    }

    // The calling thread has no thread heap, so one with its ID belonged to a thread that has ended and whose
    // ID was reused.
    private static ThreadHeap* AcquireOfSameId(HeapState* heap, int threadId)
    {
        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            ulong seen = Atomic.Read(ref thread->User);
            if ((int)seen == threadId && TryTakeOver(thread, seen, threadId) && !RetireShared(thread))
            {
                return thread;
            }
        }

        return null;
    }

    private static ThreadHeap* AcquireDead(HeapState* heap, int processId, int threadId)
    {
        for (int checks = 0; checks < SearchLimit; checks++)
        {
            ThreadHeap* candidate = NextToCheck(heap);
            if (candidate != null && TryClaimDead(candidate, processId, threadId)
                && !RetireShared(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static bool TryClaimDead(ThreadHeap* thread, int processId, int threadId)
    {
        ulong seen = Atomic.Read(ref thread->User);
        return ThreadOwnership.HasEnded(processId, (int)seen) && TryTakeOver(thread, seen, threadId);
    }

    /// <summary>Claims the thread heap of a thread that has ended, and rebuilds it.</summary>
    private static bool TryTakeOver(ThreadHeap* thread, ulong seen, int threadId)
    {
        // A reliever that was killed leaves its ID here.
        nuint reliever = Atomic.Read(ref thread->Reliever);
        if (reliever != 0
            && (!ThreadOwnership.HasEnded(Os.ProcessId(), (int)reliever)
                || !Atomic.TryReplace(ref thread->Reliever, reliever, 0)))
        {
            return false;
        }

        if (!ThreadOwnership.TryClaim(thread, seen, threadId))
        {
            return false;
        }

        // If another thread has begun to relieve the queue in the meantime, the former user is restored, and
        // a later search finds it ended again.
        if (!RemoteQueue.TryHold(thread, threadId))
        {
            _ = ThreadOwnership.TryClaim(thread, thread->User, (int)seen);
            return false;
        }

        Rebuild(thread);
        RemoteQueue.Release(thread);
        Forget(thread);
        Update(thread);
        return true;
    }

    /// <summary>
    /// Returns the thread heaps in turn. Concurrent searches may return the same one, which is harmless.
    /// </summary>
    private static ThreadHeap* NextToCheck(HeapState* heap)
    {
        ThreadHeap* next = (ThreadHeap*)Atomic.Read(ref *(nuint*)&heap->NextToCheck);
        next = next != null ? next : heap->Threads;
        heap->NextToCheck = next == null ? null : next->Next;
        return next;
    }
}
