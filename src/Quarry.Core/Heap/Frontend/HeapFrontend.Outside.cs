using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Reports blocks outside of the regions, guarded and isolated ones, to samplers and observers.
/// </content>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    /// <summary>Determines whether the blocks of a heap have to be reported.</summary>
    private static bool Reports(HeapState* heap) =>
        heap->Watched != 0 || Atomic.Read(ref *(nuint*)&heap->Sampler) != 0;

    /// <summary>Draws for a block that was allocated outside of the regions.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SampleOutside(HeapState* heap, void* block, nuint size)
    {
        nuint interval = Atomic.Read(ref heap->SampleInterval);
        size = size == 0 ? 1 : size;
        if (interval != 0 && SampleDraw.Chooses(heap, interval, size))
        {
            nuint* word = OutsideRecord(heap, block, creates: true);
            if (word != null)
            {
                Record(heap, word, block, size, size);
            }
        }
    }

    /// <summary>Reports a block outside of the regions that is about to be freed.</summary>
    /// <remarks>An address that is not that of a block in use is reported as an error afterwards.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReturnsOutside(HeapState* heap, void* block, ThreadHeap* thread)
    {
        nuint size = IsGuarded(heap, block)
            ? heap->Guards->SizeOf(block)
            : IsolatedHeap.SizeOf(heap->Isolated, block);
        if (size == 0)
        {
            return;
        }

        nuint* word = heap->Sampler == null ? null : OutsideRecord(heap, block, creates: false);
        if (word != null)
        {
            _ = Forget(heap, word);
        }

        Returns(heap, block, size, thread);
    }

    private static bool IsOutside(HeapState* heap, void* block) =>
        IsGuarded(heap, block) || IsIsolated(heap, block);

    private static nuint* OutsideRecord(HeapState* heap, void* block, bool creates) => IsGuarded(heap, block)
        ? heap->Guards->SampleOf(block)
        : IsolatedHeap.SampleOf(heap->Isolated, block, creates);
}
