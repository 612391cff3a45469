using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Allocates and frees the large block that a thread keeps: see <see cref="KeptBlock"/>.</content>
/// <remarks>
/// A signal handler that runs in the middle of these, and frees or allocates a large block as well, finds the
/// thread heap busy.
/// </remarks>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void* TryTakeKept(
        HeapState* heap, nuint size, nuint alignment, bool zero, ThreadHeap* thread)
    {
        byte frame;
        KeptBlock* kept = thread->Kept;
        if (kept == null || kept->IsEmpty || thread->Heap != heap
            || !ThreadLifetime.TryEnter(thread, &frame))
        {
            return null;
        }

        void* block = LargeBlocks.TryTakeKept(&heap->Backend, kept, size, alignment);
        ThreadLifetime.Leave(thread);
        if (zero && block != null)
        {
            LargeBlocks.Clear(&heap->Backend, block, size);
        }

        return block;
    }

    /// <param name="heap">The heap.</param>
    /// <param name="page">The descriptor; null if it is a huge block.</param>
    /// <param name="address">The block, which is in use.</param>
    /// <param name="thread">The thread heap of the calling thread; null if it has none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryKeep(HeapState* heap, Page* page, void* address, ThreadHeap* thread)
    {
        byte frame;
        if (page == null || thread == null || thread->Heap != heap || !heap->Backend.MayKeep(page->Slices)
            || (thread->Kept != null && !thread->Kept->IsEmpty)
            || !ThreadLifetime.TryEnter(thread, &frame))
        {
            return false;
        }

        thread->Kept = thread->Kept != null ? thread->Kept : HeapBackend.TryCreateKept(&heap->Backend);
        bool keeps = thread->Kept != null && thread->Kept->IsEmpty
            && LargeBlocks.TryKeep(&heap->Backend, page, address, thread->Kept);
        ThreadLifetime.Leave(thread);
        return keeps;
    }
}
