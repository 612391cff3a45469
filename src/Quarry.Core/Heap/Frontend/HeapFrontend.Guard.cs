using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Guarded blocks: see <see cref="GuardedBlocks"/>.</content>
/// <remarks>
/// A guarded block is in no region, so the fast path of <c>free</c> takes it for a foreign pointer, and it is
/// looked up where that would be reported.
/// </remarks>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    /// <summary>Allocates a guarded block if the next block of the class is one.</summary>
    /// <returns>
    /// The block, not yet reported; null if the next block is not guarded, or no slot is available.
    /// </returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* TryAllocateGuarded(ThreadHeap* thread, int sizeClass, nuint size)
    {
        HeapState* heap = thread->Heap;
        nuint* countdown = &ThreadHeap.GuardCountdown(thread)[sizeClass];
        if (ThreadHeap.FreeLists(thread)[sizeClass] != null || !IsNextGuarded(thread, countdown))
        {
            return null;
        }

        GuardedBlocks.AccountOf(heap->Guards)->Open(
            &heap->Backend, &HeapBackend.TryChargeOutside, &HeapBackend.UnchargeOutside);
        void* block = GuardedBlocks.Allocate(heap->Guards, size, thread->ThreadId);
        if (block == null)
        {
            BlockCountdowns.Skip(countdown);
        }

        return block;
    }

    /// <summary>Lets the next block of the class pass if it is to be a guarded one.</summary>
    private static void SkipGuarded(ThreadHeap* thread, int sizeClass)
    {
        if (thread->GuardInterval != 0)
        {
            // The one that is drawn after it may follow at once.
            nuint* countdown = &ThreadHeap.GuardCountdown(thread)[sizeClass];
            _ = IsNextGuarded(thread, countdown);
            BlockCountdowns.Skip(countdown);
        }
    }

    // Draws as if each block had one byte, so that all blocks are equally likely. At an interval of 1, each
    // block is chosen: one of 64 bytes is not with a probability of e^-64.
    private static bool IsNextGuarded(ThreadHeap* thread, nuint* countdown) => BlockCountdowns.TryTake(
        thread->Heap, countdown, thread->GuardInterval, thread->GuardInterval == 1 ? Block.MinSize * 4 : 1u);

    private static bool IsGuarded(HeapState* heap, void* address) =>
        heap->Guards != null && heap->Guards->Contains(address);

    private static bool TryFreeGuarded(HeapState* heap, void* address, ThreadHeap* thread)
    {
        if (!IsGuarded(heap, address))
        {
            return false;
        }

        if (Reports(heap) || (thread != null && thread->Counted))
        {
            ReturnsOutside(heap, address, thread);
        }

        GuardedBlocks.Free(heap->Guards, address, thread == null ? 0 : thread->ThreadId);
        return true;
    }

    /// <summary>Reports an address that is resized, but is not that of a block.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReportInvalid(HeapState* heap, void* address)
    {
        if (IsGuarded(heap, address))
        {
            GuardedBlocks.ReportInvalid(heap->Guards, address);
        }
        else if (IsIsolated(heap, address))
        {
            IsolatedHeap.ReportInvalid(heap->Isolated, address);
        }
        else
        {
            heap->ReportForeign(address);
        }
    }
}
