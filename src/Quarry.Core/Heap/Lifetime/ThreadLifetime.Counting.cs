namespace Quarry;

/// <content>Counts the bytes that a thread allocates and frees, for threads that ask for it.</content>
/// <remarks>
/// The fast paths count nothing, so a counted thread takes the slow path on every call, as an observed one
/// does. Threads that do not ask keep their fast paths.
/// </remarks>
internal static unsafe partial class ThreadLifetime
{
    // The holder of a thread heap relieves its queue, which takes microseconds.
    private const int CountingAttempts = 1000;

    /// <summary>
    /// Has every later call of the calling thread counted in <see cref="ThreadHeap.AllocatedBytes"/> and
    /// <see cref="ThreadHeap.FreedBytes"/>, which begin at 0. Ends with the thread.
    /// </summary>
    /// <param name="thread">The thread heap of the calling thread.</param>
    internal static void StartCounting(ThreadHeap* thread)
    {
        ThreadHeap* home = ThreadHeap.HomeOf(thread);
        if (!home->Counted)
        {
            home->AllocatedBytes = 0;
            home->FreedBytes = 0;
            home->PeakBytes = 0;
            home->PeakBase = 0;
            StartCountingIn(home);
        }

        StartCountingIn(thread);
    }

    /// <summary>Counts bytes that a thread has allocated, and their peak.</summary>
    internal static void CountAllocated(ThreadHeap* thread, nuint bytes)
    {
        ThreadHeap* home = ThreadHeap.HomeOf(thread);
        home->AllocatedBytes += bytes;

        // A thread can free more than it allocates.
        nint inUse = (nint)(home->AllocatedBytes - home->FreedBytes - home->PeakBase);
        home->PeakBytes = inUse > (nint)home->PeakBytes ? (nuint)inUse : home->PeakBytes;
    }

    private static void StartCountingIn(ThreadHeap* thread)
    {
        byte frame;
        if (thread->Counted || !TryEnter(thread, &frame))
        {
            return;
        }

        Atomic.Set(ref thread->Heap->Watched, HeapState.WatchedByCounters);
        thread->Counted = true;
        for (int attempt = 0; !thread->Observed && !TrySetObserved(thread, true); attempt++)
        {
            if (attempt == CountingAttempts)
            {
                // The next slow path tries again, in Update.
                thread->Version--;
                break;
            }

            Os.Yield();
        }

        Leave(thread);
    }
}
