using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Thread heaps from which many threads borrow blocks of the classes that they hardly use.</content>
/// <remarks>
/// A page of its own costs a thread at least a page of the operating system for each class, which is most of
/// the memory of a thread with a few dozen blocks. With few threads that is little; with thousands, each
/// takes its first blocks of a class from a <em>lender</em>, a shared thread heap that it claims for one
/// block. The pages of lenders are those of a thread heap that no thread is using, so a borrowed block is
/// freed like any block of another thread, and statistics and rebuilding apply unchanged.
/// </remarks>
internal static unsafe partial class ThreadLifetime
{
    /// <summary>
    /// Threads borrow while more than this number of thread heaps are in use. The pages of fewer threads are
    /// a few megabytes, and programs with a thread for each processor have no blocks of two threads in one
    /// cache line.
    /// </summary>
    internal const int ManyThreads = 64;

    /// <summary>
    /// The number of blocks of a class that a thread allocates before it needs a page of its own. A borrowed
    /// block costs some hundreds of instructions, so this bounds what a thread spends on them.
    /// </summary>
    internal const nuint MostBorrowed = 32;

    /// <summary>
    /// Determines whether one of many threads that needs a page of a class borrows a block instead; see
    /// <see cref="HasManyThreads"/>.
    /// </summary>
    /// <remarks>
    /// Blocks of a page of the operating system and more leave little of it unused. A thread whose blocks are
    /// sampled, guarded or observed has to see each of them.
    /// </remarks>
    internal static bool Borrows(ThreadHeap* thread, int sizeClass, nuint blockSize) =>
        ThreadHeap.Listed(thread)[sizeClass] < MostBorrowed && blockSize < Os.PageSize
            && ThreadHeap.Available(thread)[sizeClass] == null
            && !thread->IsShared && !thread->Chooses && !thread->Observed;

    /// <summary>Determines whether enough thread heaps are in use for threads to borrow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool HasManyThreads(HeapState* heap) =>
        (nint)(Atomic.Read(ref heap->OwnCount) - Atomic.Read(ref heap->AbandonedCount)) > ManyThreads;

    /// <summary>
    /// Claims a lender for one block, after which the caller abandons it; returns null if all are claimed, or
    /// if out of memory.
    /// </summary>
    /// <remarks>
    /// A thread tries the lenders in one order, so there are as many as threads were borrowing at the same
    /// moment, and few are partly used.
    /// </remarks>
    /// <param name="thread">The thread heap of the calling thread.</param>
    internal static ThreadHeap* AcquireLender(ThreadHeap* thread)
    {
        HeapState* heap = thread->Heap;
        int threadId = thread->ThreadId;
        for (int index = 0; index < HeapState.MaxLenders; index++)
        {
            // Pairs with the replacement below: a thread that reads a lender also reads its fields.
            ref nuint slot = ref *(nuint*)&heap->Lenders[index];
            ThreadHeap* lender = (ThreadHeap*)Atomic.Read(ref slot);
            if (lender == null)
            {
                // Of two threads that create one for the same slot, the second uses its own for this block;
                // it remains as a shared thread heap.
                lender = Create(heap, threadId, shared: true, samples: false);
                _ = lender != null && Atomic.TryReplace(ref slot, 0, (nuint)lender);
                return lender;
            }

            if (ThreadOwnership.TryClaimAbandoned(lender, threadId))
            {
                return lender;
            }
        }

        return null;
    }
}
