using System.Runtime;

namespace Quarry.Malloc;

/// <summary>The functions of <c>quarry.h</c>: what no other allocator's interface has a name for.</summary>
internal static unsafe class Interface
{
    [RuntimeExport("quarry_set_limit")]
    internal static void SetLimit(nuint bytes, ThreadHeap* thread)
    {
        thread = ProcessHeap.Ensure(thread);
        if (thread != null)
        {
            Atomic.Write(ref thread->Heap->Backend.Limit, bytes);
        }
    }

    [RuntimeExport("quarry_on_exhausted")]
    internal static void OnExhausted(void* handler, void* argument) =>
        Failures.SetHandler(handler, (nint)argument);

    [RuntimeExport("quarry_statistics")]
    internal static void Statistics(HeapStatistics* result) => *result = Census.Take();
}
