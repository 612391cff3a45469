namespace Quarry;

/// <summary>
/// Manages the lifetime of thread heaps: acquiring, retiring, reclaiming and rebuilding them.
/// </summary>
internal static unsafe partial class ThreadLifetime
{
    // The most thread heaps that keep their lists: their pages are some megabytes together.
    private const nuint MostKept = 16;

    /// <summary>
    /// Returns a thread heap for a thread that has none: an abandoned one, one of an ended thread, or a new
    /// one; null if out of memory.
    /// </summary>
    /// <param name="heap">The heap.</param>
    /// <param name="threadId">The ID of the calling thread.</param>
    /// <param name="block">
    /// The block that the thread is about to free; null if there is none. If its thread heap is abandoned,
    /// that one is returned: a thread that takes over the work of an ended one frees more of its blocks.
    /// </param>
    internal static ThreadHeap* Acquire(HeapState* heap, int threadId, void* block = null)
    {
        // A child of vfork shares the memory of its parent but has its own ID. The parent continues to use
        // the thread heap after the child is gone.
        int processId = Os.ProcessId();
        bool known = heap->ProcessId == processId;
        threadId = known ? threadId : ThreadOwnership.Unknown;
        ThreadHeap* thread = block == null ? null : AcquireOwner(heap, threadId, block);
        thread = thread != null ? thread : AcquireAbandoned(heap, threadId);
        thread = thread != null || !known ? thread : AcquireOfSameId(heap, threadId);
        thread = thread != null || !known ? thread : AcquireDead(heap, processId, threadId);
        return thread != null ? thread : Create(heap, threadId, shared: false, samples: false);
    }

    /// <summary>
    /// Returns a second thread heap for a thread whose own is busy; the caller retires it after one call.
    /// </summary>
    internal static ThreadHeap* AcquireSecond(HeapState* heap, int threadId)
    {
        ThreadHeap* thread = AcquireAbandoned(heap, threadId);
        return thread != null ? thread : Create(heap, threadId, shared: false, samples: false);
    }

    /// <summary>
    /// Claims a shared thread heap for one call, after which the caller releases it by <see
    /// cref="ReleaseShared"/>; returns null if out of memory.
    /// </summary>
    /// <remarks>
    /// For threads that rarely use a heap: they leave nothing behind that would have to be released when they
    /// end or the heap is destroyed. There are as many such thread heaps as threads were inside such a call
    /// at the same moment.
    /// </remarks>
    /// <param name="heap">The heap.</param>
    /// <param name="threadId">
    /// The ID in a thread heap of the calling thread; asking the system for it would cost more than the call.
    /// </param>
    internal static ThreadHeap* AcquireShared(HeapState* heap, int threadId)
    {
        ThreadHeap* last = (ThreadHeap*)Atomic.Read(ref *(nuint*)&heap->LastShared);
        if (last != null && ThreadOwnership.TryClaimAbandoned(last, threadId))
        {
            return last;
        }

        ThreadHeap* shared = heap->Threads;
        while (shared != null
            && (!shared->IsShared || shared->Samples || !ThreadOwnership.TryClaimAbandoned(shared, threadId)))
        {
            shared = shared->Next;
        }

        shared = shared != null ? shared : Create(heap, threadId, shared: true, samples: false);
        Atomic.Write(ref *(nuint*)&heap->LastShared, (nuint)shared);
        return shared;
    }

    /// <summary>Releases a shared thread heap after the call for which it was claimed.</summary>
    internal static void ReleaseShared(ThreadHeap* shared)
    {
        // Nobody else posts the remote frees of the call.
        RemoteCache.Flush(shared);
        ThreadOwnership.Abandon(shared);
    }

    /// <summary>
    /// Ends the use of a thread heap by its thread: returns its lists and pages, and abandons it.
    /// </summary>
    internal static void Retire(ThreadHeap* thread) => Retire(thread, keepsLists: false);

    /// <summary>
    /// Ends the use of a thread heap by its thread, and abandons it with its lists and current pages, if few
    /// are.
    /// </summary>
    /// <remarks>
    /// Returning a list takes as long as walking it, through blocks that may not be in the cache, and the
    /// next thread would fill it again. If no thread follows, another one returns the lists when it needs a
    /// page, when it sweeps idle pages, or when memory is exhausted.
    /// </remarks>
    internal static void RetireForSuccessor(ThreadHeap* thread)
    {
        HeapState* heap = thread->Heap;
        Retire(thread, keepsLists: heap->AbandonedCount < MostKept && heap->Backend.DecayMilliseconds != 0);
    }

    private static void Retire(ThreadHeap* thread, bool keepsLists)
    {
        byte frame;
        if (thread->Busy != 0 && !TryRebuildOwn(thread, &frame))
        {
            // Another thread is relieving the queue. With the ID of this thread, the thread heap is found to
            // be an ended thread's later.
            int threadId = ThreadOwnership.CurrentId(thread->Heap);
            _ = ThreadOwnership.TryClaim(thread, thread->User, threadId);
            return;
        }

        Settle(thread);
        if (thread->Kept != null)
        {
            _ = thread->Heap->Backend.ReleaseKept(thread->Kept);
        }

        ThreadClock.OnSlowPath(thread);
        if (!keepsLists)
        {
            PageQueues.ReturnAll(thread);
        }

        Forget(thread);
        thread->KeepsLists = keepsLists;
        IdlePages.OnRetire(thread);
        if (!thread->IsShared)
        {
            _ = Atomic.Add(ref thread->Heap->AbandonedCount, 1);
        }

        ThreadOwnership.Abandon(thread);
    }

    /// <summary>
    /// Resets what the user of a thread heap has asked for; the next one applies the first in Update.
    /// </summary>
    private static void Forget(ThreadHeap* thread)
    {
        thread->Counted = false;
        thread->Uncached = false;
        thread->IsGuest = false;
        thread->HasListLimits = false;
        thread->KeepsLists = false;
        ThreadHeap.SetRefillLimit(thread, 0);

        // Read first: a store would back the second half of the structure, which most threads have not
        // touched.
        if (thread->Home != null || thread->Former != null)
        {
            thread->Home = null;
            thread->Former = null;
        }

        for (int slot = 0; slot < GuestSlot.Count; slot++)
        {
            // Only of a user that was killed; the system finds its other thread heaps ended as well.
            if (ThreadHeap.Guests(thread)[slot].Key != 0)
            {
                ThreadHeap.Guests(thread)[slot].Key = 0;
            }
        }
    }

    /// <summary>
    /// Posts the remote cache and drains the remote queue, so that the statistics of this thread are exact.
    /// </summary>
    internal static void Settle(ThreadHeap* thread)
    {
        RemoteCache.Flush(thread);
        RemoteQueue.Drain(thread);
    }

    private static ThreadHeap* Create(HeapState* heap, int threadId, bool shared, bool samples)
    {
        ThreadHeap* thread = (ThreadHeap*)MetadataPool.Allocate(
            &heap->Backend.Metadata, ThreadHeap.Bytes, ThreadHeap.Bytes);
        if (thread == null)
        {
            return null;
        }

        Region* first = heap->Backend.First;
        thread->Heap = heap;
        thread->Base = first->Base;
        thread->Pages = first->Pages;
        thread->SliceCount = first->SliceCount;
        thread->User = (uint)threadId;
        thread->IsShared = shared;
        thread->Samples = samples;
        if (!shared)
        {
            _ = Atomic.Add(ref heap->OwnCount, 1);
        }

        Memory.Copy(heap->ClassTable, ThreadHeap.ClassTable(thread), ThreadHeap.TableLength);
        Update(thread);

        // Published last: from here on, other threads read it, and may claim it once the thread has ended.
        nuint next;
        do
        {
            next = Atomic.Read(ref *(nuint*)&heap->Threads);
            thread->Next = (ThreadHeap*)next;
        }
        while (!Atomic.TryReplace(ref *(nuint*)&heap->Threads, next, (nuint)thread));

        return thread;
    }
}
