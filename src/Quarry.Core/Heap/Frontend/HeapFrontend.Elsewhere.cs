using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Blocks of other heaps of the same host.</content>
/// <remarks>
/// An address that is not in the thread's own heap is looked up in the other heaps of the host only where it
/// would otherwise be reported as foreign, so a host with one heap pays nothing for the search.
/// </remarks>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    /// <summary>
    /// Returns the usable size of a block of any heap of the host, in bytes; 0 if the address is not that of
    /// a block.
    /// </summary>
    /// <param name="heap">The heap that is searched first; becomes the heap of the block.</param>
    /// <param name="address">The block.</param>
    internal static nuint UsableAnywhere(ref HeapState* heap, void* address)
    {
        nuint usable = UsableSize(heap, address);
        HeapState* other = usable == 0 ? THost.Find(address) : null;
        if (other == null || other == heap)
        {
            return usable;
        }

        heap = other;
        return UsableSize(other, address);
    }

    /// <summary>Frees a block of another heap of the host.</summary>
    /// <returns>False if no other heap covers the address.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryFreeElsewhere(HeapState* heap, void* address, ThreadHeap* thread)
    {
        HeapState* other = THost.Find(address);
        if (other == null || other == heap)
        {
            return false;
        }

        // If the thread has no thread heap there, a small block is posted to its owner alone.
        ThreadHeap* own = THost.ThreadIn(other);
        if (own == null && thread != null && thread->Counted)
        {
            ThreadHeap.HomeOf(thread)->FreedBytes += UsableSize(other, address);
        }

        Free(other, address, own);
        return true;
    }
}
