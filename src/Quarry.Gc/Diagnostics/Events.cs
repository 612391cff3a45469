namespace Quarry.Gc;

/// <summary>Raises events for profilers, through <c>IGCToCLREventSink</c>.</summary>
internal static unsafe class Events
{
    /// <summary>The approximate number of bytes between two allocation-tick events.</summary>
    internal const nuint TickBytes = 100 << 10;

    private const int KeywordCollections = 1, LevelVerbose = 5;

    // GCStart: all threads are suspended.
    private const nint TypeBlocking = 0;

    // Written by the thread that starts or stops a session, without a lock: other threads read the change
    // with their next quantum.
    private static int s_keyword;
    private static int s_level;
    private static nuint s_sinceTick;

    /// <summary>Determines whether any events are enabled.</summary>
    internal static bool Wanted => s_keyword != 0;

    /// <summary>Determines whether allocation-tick events are enabled.</summary>
    internal static bool TicksWanted => (s_keyword & KeywordCollections) != 0 && s_level >= LevelVerbose;

    internal static void Control(void* self, int keyword, int level)
    {
        s_keyword = keyword;
        s_level = level;
    }

    /// <summary>Reports the start of a collection, if events are enabled.</summary>
    internal static void ReportStart(nuint index, int generation, int reason)
    {
        if (Wanted)
        {
            nint sink = Runtime.EventSink;
            _ = NativeCall.Invoke(
                Table(sink)->FireGCStart_V2, sink, (nint)index, generation, reason, TypeBlocking);
        }
    }

    /// <summary>Reports the end of a collection, if events are enabled.</summary>
    internal static void ReportEnd(nuint index, int generation)
    {
        if (Wanted)
        {
            nint sink = Runtime.EventSink;
            _ = NativeCall.Invoke(Table(sink)->FireGCEnd_V1, sink, (nint)index, generation);
        }
    }

    /// <summary>
    /// Counts an allocation, and reports a tick when enough bytes have been counted. The last object
    /// represents all of them.
    /// </summary>
    internal static void CountAllocation(nuint bytes, bool large, byte* place, nuint size)
    {
        // All threads share the count. The thread that resets it reports.
        nuint since = Atomic.Add(ref s_sinceTick, bytes);
        if (since >= TickBytes && Atomic.TryReplace(ref s_sinceTick, since, 0))
        {
            ReportTick(since, large, place, size);
        }
    }

    // The runtime adds the type, which is not stored in the object yet.
    private static void ReportTick(nuint bytes, bool large, byte* place, nuint size)
    {
        nint sink = Runtime.EventSink;
        _ = NativeCall.Invoke(
            Table(sink)->FireGCAllocationTick_V4,
            sink, (nint)bytes, large ? 1 : 0, 0, (nint)place, (nint)size);
    }

    internal static EventSinkTable* Table(nint sink) => *(EventSinkTable**)sink;
}
