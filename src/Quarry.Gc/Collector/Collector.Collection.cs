namespace Quarry.Gc;

/// <summary>What programs ask of a collection, and what a heap without one answers.</summary>
internal static unsafe partial class Collector
{
    // The runtime's values of what a wait, and a region without collections, came to.
    private const int Success = 0, NotInProgress = 1, InProgress = 3;

    private static int s_latencyMode;
    private static int s_compactionMode;
    private static uint s_noCollection;

    private static void FillCollection(void** slots)
    {
        s_latencyMode = 1;
        s_compactionMode = 1;
        slots[14] = (delegate*<void*, int>)&GetLatencyMode;
        slots[15] = (delegate*<void*, int, int>)&SetLatencyMode;
        slots[16] = (delegate*<void*, int>)&GetCompactionMode;
        slots[17] = (delegate*<void*, int, void>)&SetCompactionMode;
        slots[20] = slots[21] = (delegate*<void*, nint>)&Answers.Four;
        slots[24] = (delegate*<void*, int>)&StartRegion;
        slots[25] = (delegate*<void*, int>)&EndRegion;
        slots[28] = (delegate*<void*, int>)&Collect;
        slots[29] = (delegate*<void*, nint>)&Answers.Two;
        slots[83] = (delegate*<void*, nint>)&Answers.One;
    }

    /// <summary>
    /// Collects nothing. Whoever takes a heap dump does it inside a collection, so there has to be one.
    /// </summary>
    private static int Collect(void* self)
    {
        if (Events.Wanted)
        {
            HeapDump.Offer();
        }

        return Success;
    }

    private static int GetLatencyMode(void* self) => s_latencyMode;

    private static int SetLatencyMode(void* self, int mode)
    {
        s_latencyMode = mode;
        return Success;
    }

    private static int GetCompactionMode(void* self) => s_compactionMode;

    private static void SetCompactionMode(void* self, int mode) => s_compactionMode = mode;

    /// <summary>There never is a collection, so the promise is an easy one; the books are kept.</summary>
    private static int StartRegion(void* self) =>
        Atomic.Exchange(ref s_noCollection, 1) == 0 ? Success : InProgress;

    private static int EndRegion(void* self) =>
        Atomic.Exchange(ref s_noCollection, 0) != 0 ? Success : NotInProgress;
}
