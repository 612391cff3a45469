namespace Quarry;

/// <summary>Who uses a thread heap: claiming one, and abandoning it.</summary>
internal static unsafe class ThreadOwnership
{
    /// <summary>
    /// The ID that is stored where the real one means nothing to other threads of the process; no thread is
    /// ever found to have ended by it. The system's IDs are far smaller.
    /// </summary>
    internal const int Unknown = int.MaxValue;

    /// <summary>Changes the user of a thread heap, unless it has changed since.</summary>
    internal static bool TryClaim(ThreadHeap* thread, ulong seen, int threadId)
    {
        ulong changes = (seen >> 32) + 1;
        return Atomic.TryReplace(ref thread->User, seen, (changes << 32) | (uint)threadId);
    }

    /// <summary>Claims an abandoned thread heap, for good or for a moment.</summary>
    /// <remarks>
    /// If the claimant is killed, its ID stays in <see cref="ThreadHeap.User"/>, and the thread heap is
    /// rebuilt as a dead thread's later.
    /// </remarks>
    internal static bool TryClaimAbandoned(ThreadHeap* thread, int threadId)
    {
        ulong seen = Atomic.Read(ref thread->User);
        return (uint)seen == 0 && TryClaim(thread, seen, threadId);
    }

    /// <summary>Gives up a thread heap that the calling thread has claimed.</summary>
    internal static void Abandon(ThreadHeap* thread)
    {
        int threadId = thread->ThreadId;
        for (; ; )
        {
            _ = TryClaim(thread, thread->User, 0);

            // A thread that posted blocks just before saw the user and left them here. Pairs with
            // RemoteQueue.Post, which pushes and then looks for a user: one of the two sees the other.
            if (Atomic.Read(ref thread->RemoteQueue) == 0 || !TryClaimAbandoned(thread, threadId))
            {
                return;
            }

            RemoteQueue.Drain(thread);
        }
    }
}
