using Quarry.Malloc;

namespace Quarry;

/// <summary>The heap of the process, as the C functions configure it.</summary>
internal static unsafe partial class ProcessHeap
{
    static partial void OnCreating(ref HeapOptions options)
    {
        Options.Read();
        options.LimitBytes = Options.Limit;
        options.DecayMilliseconds = Options.DecayMilliseconds;
        options.ReserveBytes = Options.Reserve;
        options.OnExhausted = &HeapCallbacks.OnExhausted;
        options.OnForeign = &HeapCallbacks.OnForeign;
    }

    static partial void OnCreated(HeapState* heap)
    {
        Lifetime.Watch();
        StatisticsFile.Start(heap);
    }

    static partial void OnUnavailable() => Errno.Value = Errno.NoMemory;

    static partial void OnAttached(ThreadHeap* thread) => Lifetime.WatchThread(thread);
}
