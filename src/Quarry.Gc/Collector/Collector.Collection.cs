namespace Quarry.Gc;

/// <summary>What programs ask of a collection, and what a heap without one answers.</summary>
internal static unsafe partial class Collector
{
    private const int Success = 0;

    // The runtime's latency modes, and its answer to a mode set in a region without collections.
    private const int Batch = 0, Interactive = 1, NoCollection = 4, NotInRegion = 1;

    private static int s_latencyMode;
    private static int s_compactionMode;

    private static void FillCollection(void** slots)
    {
        s_latencyMode = Runtime.IsSet("gcConcurrent"u8, "System.GC.Concurrent"u8, otherwise: true)
            ? Interactive
            : Batch;
        s_compactionMode = 1;
        slots[14] = (delegate*<void*, int>)&GetLatencyMode;
        slots[15] = (delegate*<void*, int, int>)&SetLatencyMode;
        slots[16] = (delegate*<void*, int>)&GetCompactionMode;
        slots[17] = (delegate*<void*, int, void>)&SetCompactionMode;
        slots[20] = slots[21] = (delegate*<void*, nint>)&Answers.Four;
        slots[24] = (delegate*<void*, ulong, int>)&StartRegion;
        slots[25] = (delegate*<void*, int>)&EndRegion;
        slots[28] = (delegate*<void*, int>)&Collect;
        slots[29] = (delegate*<void*, nint>)&Answers.Two;
        slots[83] = (delegate*<void*, FinalizerWork*, ulong, int>)&Register;
        slots[84] = (delegate*<void*, FinalizerWork*>)&TakeWork;
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

    private static int GetLatencyMode(void* self) =>
        NoCollectionRegion.IsInProgress ? NoCollection : s_latencyMode;

    private static int SetLatencyMode(void* self, int mode)
    {
        if (NoCollectionRegion.IsInProgress)
        {
            return NotInRegion;
        }

        s_latencyMode = mode;
        return Success;
    }

    private static int GetCompactionMode(void* self) => s_compactionMode;

    private static void SetCompactionMode(void* self, int mode) => s_compactionMode = mode;

    private static int StartRegion(void* self, ulong size) => NoCollectionRegion.Start(size);

    private static int EndRegion(void* self) => NoCollectionRegion.End();

    private static int Register(void* self, FinalizerWork* work, ulong bytes) =>
        NoCollectionRegion.Register(work, bytes);

    private static FinalizerWork* TakeWork(void* self) => NoCollectionRegion.Take();
}
