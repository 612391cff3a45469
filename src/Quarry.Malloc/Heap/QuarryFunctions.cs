using System.Runtime;

namespace Quarry.Malloc;

/// <summary>The functions of <c>quarry.h</c>.</summary>
internal static unsafe class QuarryFunctions
{
    [RuntimeExport("quarry_set_limit")]
    internal static void SetLimit(nuint bytes, ThreadHeap* thread)
    {
        thread = ProcessHeap.Ensure(thread);
        if (thread != null)
        {
            Arenas.SetLimit(bytes);
        }
    }

    [RuntimeExport("quarry_on_exhausted")]
    internal static void SetExhaustionHandler(void* handler, void* argument) =>
        HeapCallbacks.SetExhaustionHandler(handler, argument);

    [RuntimeExport("quarry_statistics")]
    internal static nuint Statistics(nuint* structure, nuint size)
    {
        HeapStatistics heap = ProcessStatistics.Read();
        return Statistic.CopyTo(structure, size, heap);
    }

    [RuntimeExport("quarry_start_profile")]
    internal static int StartProfile(byte* prefix, ThreadHeap* thread)
    {
        thread = ProcessHeap.Ensure(thread);
        return thread == null ? Errno.NoMemory : -(int)Profiler.Attach(ProcessHeap.Heap, prefix);
    }

    [RuntimeExport("quarry_record_event")]
    internal static void RecordEvent(nuint weight) => Profiler.RecordEvent(weight);
}
