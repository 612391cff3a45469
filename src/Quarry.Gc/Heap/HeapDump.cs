namespace Quarry.Gc;

/// <summary>Lets the runtime look at all objects, for heap dumps and profilers.</summary>
/// <remarks>
/// The runtime does so between the report of a collection's start and that of its end, and calls back with a
/// function for each object. It finds out for itself whether anybody asked.
/// </remarks>
internal static unsafe class HeapDump
{
    private const int Oldest = 2;

    // Of the runtime's reasons for a collection: the program asked for it.
    private const int Induced = 1;

    private static nuint s_count;

    /// <summary>Brackets a moment in which all threads are stopped.</summary>
    internal static void Offer()
    {
        bool wasCooperative = Runtime.EnablePreemption();
        Runtime.Suspend();
        nuint index = Atomic.Add(ref s_count, 1);
        Events.CollectionStarted(index, Oldest);
        Runtime.ReportStart(Oldest, induced: true);
        Runtime.ReportEnd(index, Oldest, Induced);
        Events.CollectionEnded(index, Oldest);
        Runtime.Restart();
        if (wasCooperative)
        {
            Runtime.DisablePreemption();
        }
    }

    /// <summary>Calls a function of the runtime with each object, until it has enough.</summary>
    internal static void Walk(void* function, nint context)
    {
        HeapWalk walk = ManagedHeap.Walk();
        while (walk.MoveNext(out byte* place, out _, out _))
        {
            if ((byte)Runtime.Call2(function, (nint)place, context) == 0)
            {
                return;
            }
        }
    }
}
