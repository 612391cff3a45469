namespace Quarry;

/// <content>Thread heaps for sampled blocks.</content>
/// <remarks>
/// The pages of sampled blocks belong to thread heaps of their own, which are abandoned except while a thread
/// allocates one block from them. So a block is freed by the slow path on every thread, a thread that posts
/// it drains the queue too, and killed threads, limits and statistics need no further code.
/// </remarks>
internal static unsafe partial class ThreadLifetime
{
    /// <summary>
    /// Claims a thread heap for sampled blocks for one call, after which the caller abandons it; returns null
    /// if out of memory.
    /// </summary>
    /// <param name="thread">The thread heap of the calling thread.</param>
    internal static ThreadHeap* AcquireSamples(ThreadHeap* thread)
    {
        int threadId = thread->ThreadId;
        ThreadHeap* last = thread->LastSamples;
        if (last != null && ThreadOwnership.TryClaimAbandoned(last, threadId))
        {
            return last;
        }

        ThreadHeap* samples = thread->Heap->Threads;
        while (samples != null
            && (!samples->Samples || !ThreadOwnership.TryClaimAbandoned(samples, threadId)))
        {
            samples = samples->Next;
        }

        samples = samples != null ? samples : Create(thread->Heap, threadId, shared: true, samples: true);
        thread->LastSamples = samples;
        return samples;
    }

    /// <summary>
    /// Claims a thread heap of the thread that forked for the only thread of the child, and draws anew which
    /// blocks it chooses: with the draws of the parent, the errors of all its children would be the same.
    /// </summary>
    internal static void StartInChild(ThreadHeap* thread, int threadId)
    {
        _ = ThreadOwnership.TryClaim(thread, thread->User, threadId);
        byte frame;
        if (thread->Chooses && TryEnter(thread, &frame))
        {
            BlockCountdowns.Start(thread, thread->SampleInterval, thread->GuardInterval);
            Leave(thread);
        }
    }

    /// <summary>
    /// Abandons a thread heap that was claimed of an ended thread if it is a shared one.
    /// </summary>
    /// <returns>False if it is not.</returns>
    private static bool RetireShared(ThreadHeap* thread)
    {
        if (thread->IsShared)
        {
            Retire(thread);
        }

        return thread->IsShared;
    }
}
