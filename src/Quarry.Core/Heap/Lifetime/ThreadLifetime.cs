namespace Quarry;

/// <summary>
/// From thread to thread: how a thread gets a thread heap, and what becomes of it afterwards.
/// </summary>
internal static unsafe partial class ThreadLifetime
{
    /// <summary>
    /// Returns a thread heap for a thread that has none: an abandoned one, a dead thread's, or a new one;
    /// null if there is no memory.
    /// </summary>
    internal static ThreadHeap* Acquire(HeapState* heap, int threadId)
    {
        // In the child of a vfork, which shares the memory of its parent, the ID is the child's. The parent
        // goes on to use the thread heap when the child is gone.
        int processId = Os.ProcessId();
        bool known = heap->ProcessId == processId;
        threadId = known ? threadId : ThreadOwnership.Unknown;
        ThreadHeap* thread = AcquireAbandoned(heap, threadId);
        thread = thread != null || !known ? thread : AcquireOfSameId(heap, threadId);
        thread = thread != null || !known ? thread : AcquireDead(heap, processId, threadId);
        return thread != null ? thread : Create(heap, threadId);
    }

    /// <summary>
    /// Returns a second thread heap for a thread whose own is busy, to be abandoned after one call.
    /// </summary>
    internal static ThreadHeap* AcquireSecond(HeapState* heap, int threadId)
    {
        ThreadHeap* thread = AcquireAbandoned(heap, threadId);
        return thread != null ? thread : Create(heap, threadId);
    }

    /// <summary>
    /// Announces the end of a thread: from here on a signal handler of the thread does not find this thread
    /// heap by the thread's ID.
    /// </summary>
    internal static void Detach(ThreadHeap* thread) =>
        _ = ThreadOwnership.TryClaim(thread, thread->User, ThreadOwnership.Unknown);

    /// <summary>
    /// Ends the use of a thread heap by its thread, and leaves it in order for the next one.
    /// </summary>
    internal static void Retire(ThreadHeap* thread)
    {
        if (thread->Busy != 0 && !TryRebuildOwn(thread))
        {
            // Another thread is relieving the queue. The system will report the thread as ended soon.
            return;
        }

        Settle(thread);
        for (int sizeClass = 0; sizeClass < thread->Heap->ClassCount; sizeClass++)
        {
            PageQueues.ReturnList(thread, sizeClass);
            Page* page = ThreadHeap.Current(thread)[sizeClass];
            ThreadHeap.Current(thread)[sizeClass] = null;
            if (page != null)
            {
                PageQueues.Shelve(thread, page);
            }
        }

        _ = Atomic.Add(ref thread->Heap->AbandonedCount, 1);
        ThreadOwnership.Abandon(thread);
    }

    /// <summary>
    /// Posts and drains what is on its way, so that the statistics are exact for this thread.
    /// </summary>
    internal static void Settle(ThreadHeap* thread)
    {
        RemoteCache.Flush(thread);
        RemoteQueue.Drain(thread);
    }

    private static ThreadHeap* Create(HeapState* heap, int threadId)
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
        Memory.Copy(heap->ClassTable, ThreadHeap.ClassTable(thread), ThreadHeap.TableLength);
        Update(thread);

        // Published last: others may claim it as soon as the thread has ended.
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
