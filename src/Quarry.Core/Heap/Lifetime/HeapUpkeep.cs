using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Returning unused memory: from time to time, on request, and before memory counts as exhausted.
/// </summary>
internal static unsafe class HeapUpkeep
{
    // Reading the clock is a system call, of some 100 ns; a refill provides some 50 blocks.
    private const int RefillsPerReading = 64;

    /// <summary>
    /// Called at each refill of a free list, so that a process which only allocates and frees small blocks
    /// returns memory too.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void OnRefill(ThreadHeap* thread)
    {
        if (++thread->RefillsSinceClock >= RefillsPerReading)
        {
            OnPeriod(thread);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OnPeriod(ThreadHeap* thread)
    {
        thread->RefillsSinceClock = 0;
        HeapState* heap = thread->Heap;
        if (heap->Backend.DecayMilliseconds <= 0)
        {
            return;
        }

        nuint now = Os.Milliseconds();
        heap->Backend.Decay(now);
        nuint due = Atomic.Read(ref heap->RelieveDue);
        nuint next = now + (nuint)heap->Backend.DecayMilliseconds;
        if (now >= due && Atomic.TryReplace(ref heap->RelieveDue, due, next))
        {
            RemoteQueue.RelieveSleeping(thread);
        }
    }

    /// <summary>Returns everything that this thread and the heap keep for later use.</summary>
    /// <returns>The number of bytes returned to the system.</returns>
    internal static nuint Trim(ThreadHeap* thread)
    {
        byte frame;
        if (ThreadLifetime.TryEnter(thread, &frame))
        {
            RecoverEntered(thread);
            ReturnLists(thread);
            ThreadLifetime.Leave(thread);
        }

        return thread->Heap->Backend.PurgeAll();
    }

    /// <summary>
    /// Posts and drains what is on its way to or from this thread, so that its statistics are exact.
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
    /// Frees the pages that hold nothing but freed blocks, wherever these are: in caches and queues of this
    /// thread, of ended ones, and of those that sleep.
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

    private static void RecoverEntered(ThreadHeap* thread)
    {
        ThreadLifetime.Settle(thread);
        int threads = 0;
        int threadId = Os.ThreadId();
        for (ThreadHeap* other = thread->Heap->Threads; other != null; other = other->Next)
        {
            threads++;
            if (other != thread)
            {
                RemoteQueue.Relieve(other, threadId);
            }
        }

        ThreadLifetime.ReclaimDead(thread, threads);
    }
}
