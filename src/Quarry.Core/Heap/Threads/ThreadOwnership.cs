namespace Quarry;

/// <summary>Claims and abandons thread heaps.</summary>
internal static unsafe class ThreadOwnership
{
    /// <summary>
    /// The ID that is stored when the real one is meaningless to other threads of the process. A thread heap
    /// with this ID is never treated as that of an ended thread. The system's IDs are far smaller.
    /// </summary>
    internal const int Unknown = int.MaxValue;

    // Set in the ID of a thread that has no thread heap and claims one for one operation. A signal handler of
    // the thread searches for a thread heap with the thread's ID and must not find this one.
    private const int Passing = int.MinValue;

    /// <summary>Returns the ID of the calling thread, as the thread heaps of a heap store it.</summary>
    /// <remarks>
    /// In the child of a <c>vfork</c>, which shares the memory of its parent, that is <see cref="Unknown"/>:
    /// to the parent's threads the child's own ID is that of an ended thread.
    /// </remarks>
    internal static int CurrentId(HeapState* heap) =>
        heap->ProcessId == Os.ProcessId() ? Os.ThreadId() : Unknown;

    /// <summary>
    /// Returns an ID of the calling thread for one operation on a thread heap, if the thread has none.
    /// </summary>
    internal static int PassingId(HeapState* heap) => CurrentId(heap) | Passing;

    /// <summary>Determines whether an ID that a thread heap stores is that of an ended thread.</summary>
    internal static bool HasEnded(int processId, int user)
    {
        user &= ~Passing;
        return user is not (0 or Unknown) && Os.ThreadHasEnded(processId, user);
    }

    /// <summary>
    /// Tries to change the user of a thread heap; fails if it has changed since it was read.
    /// </summary>
    internal static bool TryClaim(ThreadHeap* thread, ulong seen, int threadId)
    {
        ulong changes = (seen >> 32) + 1;
        return Atomic.TryReplace(ref thread->User, seen, (changes << 32) | (uint)threadId);
    }

    /// <summary>Tries to claim an abandoned thread heap, permanently or for one operation.</summary>
    /// <remarks>
    /// If the claimant is killed, its ID stays in <see cref="ThreadHeap.User"/>, and the thread heap is
    /// rebuilt later, like that of any ended thread.
    /// </remarks>
    internal static bool TryClaimAbandoned(ThreadHeap* thread, int threadId)
    {
        ulong seen = Atomic.Read(ref thread->User);
        return (uint)seen == 0 && TryClaim(thread, seen, threadId);
    }

    /// <summary>Abandons a thread heap that the calling thread has claimed.</summary>
    internal static void Abandon(ThreadHeap* thread)
    {
        int threadId = thread->ThreadId;
        for (; ; )
        {
            _ = TryClaim(thread, thread->User, 0);

            // A thread that posted blocks just before may have read the user and left the blocks here. Pairs
            // with RemoteQueue.Post, which pushes and then reads the user; this clears the user and then
            // reads the queue, so at least one of the two sees the other's write.
            if (Atomic.Read(ref thread->RemoteQueue) == 0 || !TryClaimAbandoned(thread, threadId))
            {
                return;
            }

            RemoteQueue.Drain(thread);
        }
    }
}
