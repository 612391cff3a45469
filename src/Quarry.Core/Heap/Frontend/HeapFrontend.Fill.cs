using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Fills blocks: see <see cref="HeapFill"/>.</content>
/// <remarks>
/// A heap that fills is watched from its start, so that all calls take the slow paths; the fast paths of
/// other heaps have no additional instructions.
/// </remarks>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    private const byte JunkOfAllocated = 0xa5, JunkOfFreed = 0x5a;

    /// <summary>Fills the usable bytes of a block that was allocated, from an offset on.</summary>
    /// <returns>The block; null if it is null.</returns>
    private static void* FillAllocated(HeapState* heap, void* block, nuint from)
    {
        if (heap->Fill != HeapFill.None && block != null)
        {
            Fill(heap, block, from);
        }

        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(HeapState* heap, void* block, nuint from)
    {
        HeapState* found = heap;
        nuint usable = UsableAnywhere(ref found, block);
        if (usable > from && (heap->Fill & (HeapFill.Zero | HeapFill.JunkAllocated)) != 0)
        {
            // As in jemalloc, junk has precedence.
            bool junk = (heap->Fill & HeapFill.JunkAllocated) != 0;
            Memory.Fill((byte*)block + from, usable - from, junk ? JunkOfAllocated : (byte)0);
        }
    }

    /// <summary>Fills a block that is about to be freed.</summary>
    private static void FillFreed(HeapState* heap, void* block, nuint usable)
    {
        if ((heap->Fill & HeapFill.JunkFreed) != 0)
        {
            Memory.Fill(block, usable, JunkOfFreed);
        }
    }
}
