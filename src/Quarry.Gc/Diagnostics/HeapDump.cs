namespace Quarry.Gc;

/// <summary>Lets the runtime walk all objects, for heap dumps and profilers.</summary>
/// <remarks>
/// If a listener requested it, the runtime calls <see cref="Walk"/> between the reports of the start and the
/// end of a collection.
/// </remarks>
internal static unsafe class HeapDump
{
    /// <summary>Reports a collection, during which all threads are suspended.</summary>
    /// <param name="index">The number of the collection.</param>
    internal static void Report(nuint index)
    {
        bool wasCooperative = Runtime.EnablePreemption();
        Runtime.Suspend();
        Events.ReportStart(index, GcHeap.OldestGeneration, CollectionReason.Induced);
        Runtime.ReportStart(GcHeap.OldestGeneration, induced: true);
        Runtime.ReportEnd(index, GcHeap.OldestGeneration, CollectionReason.Induced);
        Events.ReportEnd(index, GcHeap.OldestGeneration);
        Runtime.Restart();
        if (wasCooperative)
        {
            Runtime.DisablePreemption();
        }
    }

    /// <summary>Calls a function of the runtime with each object, until it returns false.</summary>
    internal static void Walk(void* function, nint context)
    {
        HeapWalk walk = ManagedHeap.Walk();
        while (walk.MoveNext(out ManagedObject* instance, out _, out _))
        {
            if ((byte)NativeCall.Invoke(function, (nint)instance, context) == 0)
            {
                return;
            }
        }

        DamageReport.Write(walk.Damaged);
    }
}
