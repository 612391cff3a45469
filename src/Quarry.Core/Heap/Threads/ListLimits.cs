namespace Quarry;

/// <summary>Limits of a thread's free lists, by size class, for programs that set some.</summary>
/// <remarks>
/// A refill provides no more blocks than the limit. It is at least one, because a block is allocated from a
/// list. Threads without limits test nothing: these are a reason for <see cref="ThreadHeap.Restricted"/>.
/// </remarks>
internal static unsafe class ListLimits
{
    /// <summary>Limits the lists of all classes after one to a single block.</summary>
    internal static void SetLast(ThreadHeap* thread, int sizeClass)
    {
        Start(thread);
        thread->LastListed = sizeClass;
    }

    /// <summary>Gets the last class of which lists hold more than one block.</summary>
    internal static int LastOf(ThreadHeap* thread) =>
        thread->HasListLimits ? thread->LastListed : thread->Heap->ClassCount - 1;

    /// <summary>Limits the lists of a range of classes.</summary>
    /// <param name="thread">The thread heap of the calling thread.</param>
    /// <param name="first">The first class.</param>
    /// <param name="last">The last class.</param>
    /// <param name="blocks">The most blocks; 0 counts as 1.</param>
    internal static void Set(ThreadHeap* thread, int first, int last, nuint blocks)
    {
        Start(thread);
        blocks = blocks == 0 ? 1u : blocks;
        for (int sizeClass = first; sizeClass <= last; sizeClass++)
        {
            ThreadHeap.Limits(thread)[sizeClass] = blocks < ushort.MaxValue ? (ushort)blocks : (ushort)0;
        }
    }

    /// <summary>Returns the most blocks in a list; 0 for no limit.</summary>
    internal static nuint Of(ThreadHeap* thread, int sizeClass) =>
        !thread->HasListLimits ? 0u
        : sizeClass > thread->LastListed ? 1u
        : ThreadHeap.Limits(thread)[sizeClass];

    private static void Start(ThreadHeap* thread)
    {
        if (!thread->HasListLimits)
        {
            Memory.Clear(ThreadHeap.Limits(thread), ThreadHeap.MaxClasses * sizeof(ushort));
            thread->LastListed = thread->Heap->ClassCount - 1;
            thread->HasListLimits = true;
            ThreadHeap.SetRefillLimit(thread, thread->RefillLimit);
        }
    }
}
