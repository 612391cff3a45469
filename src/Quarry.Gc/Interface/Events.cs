namespace Quarry.Gc;

/// <summary>What is reported to profilers: <c>IGCToCLREventSink</c>, and whether anybody listens.</summary>
internal static unsafe class Events
{
    /// <summary>So much is allocated between two events that tell of allocations, about.</summary>
    internal const nuint TickBytes = 100 << 10;

    private const int SlotStart = 1, SlotEnd = 2, SlotAllocationTick = 14;
    private const int KeywordCollections = 1, LevelVerbose = 5;

    // Reason: the program asked. Type: all threads are stopped.
    private const nint Induced = 1, Blocking = 0;

    private static int s_keyword;
    private static int s_level;
    private static nuint s_sinceTick;

    /// <summary>Whether anybody listens to anything.</summary>
    internal static bool Wanted => s_keyword != 0;

    /// <summary>Whether the event for every 100 KB allocated is listened to.</summary>
    internal static bool TicksWanted => (s_keyword & KeywordCollections) != 0 && s_level >= LevelVerbose;

    internal static void Control(void* self, int keyword, int level)
    {
        s_keyword = keyword;
        s_level = level;
    }

    internal static void CollectionStarted(nuint index, int generation)
    {
        nint sink = Runtime.EventSink;
        _ = Runtime.Call5(
            Runtime.SlotOf(sink, SlotStart), sink, (nint)index, generation, Induced, Blocking);
    }

    internal static void CollectionEnded(nuint index, int generation)
    {
        nint sink = Runtime.EventSink;
        _ = Runtime.Call3(Runtime.SlotOf(sink, SlotEnd), sink, (nint)index, generation);
    }

    /// <summary>
    /// Tells of allocations once there are enough. Who listens takes the object at hand for all of them.
    /// </summary>
    internal static void CountAllocation(nuint bytes, bool large, byte* place, nuint size)
    {
        nuint since = Atomic.Add(ref s_sinceTick, bytes);
        if (since >= TickBytes && Atomic.TryReplace(ref s_sinceTick, since, 0))
        {
            Tick(since, large, place, size);
        }
    }

    // The runtime adds the type: it knows what the thread is about to make.
    private static void Tick(nuint bytes, bool large, byte* place, nuint size)
    {
        nint sink = Runtime.EventSink;
        _ = Runtime.Call6(
            Runtime.SlotOf(sink, SlotAllocationTick),
            sink, (nint)bytes, large ? 1 : 0, 0, (nint)place, (nint)size);
    }
}
