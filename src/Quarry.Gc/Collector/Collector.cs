namespace Quarry.Gc;

/// <summary>What the runtime calls for everything but handles: <c>IGCHeap</c>, by subject.</summary>
internal static unsafe partial class Collector
{
    private static InterfaceTable s_table;

    internal static void* Create()
    {
        fixed (InterfaceTable* table = &s_table)
        {
            void** slots = InterfaceTable.Fill(table);
            slots[34] = (delegate*<void*, int>)&Initialize;
            FillAllocation(slots);
            FillCollection(slots);
            FillDiagnostics(slots);
            FillInformation(slots);
            FillSuspension(slots);
            return table;
        }
    }

    /// <summary>Tells the write barriers where the heap is, and that none of it is young.</summary>
    private static int Initialize(void* self)
    {
        // Nothing is ephemeral, so the ordinary barrier stores and leaves. That of Server GC marks cards
        // whatever the bounds, so there have to be some.
        WriteBarrierParameters parameters = default;
        parameters.Operation = WriteBarrierParameters.Initialize;
        parameters.IsRuntimeSuspended = 1;
        parameters.CardTable = ManagedPages.BiasedCards;
        parameters.CardBundleTable = ManagedPages.BiasedBundles;
        parameters.Lowest = ManagedHeap.Start;
        parameters.Highest = ManagedHeap.End;
        parameters.EphemeralLow = (byte*)nuint.MaxValue;
        parameters.EphemeralHigh = (byte*)nuint.MaxValue;
        Runtime.StompWriteBarrier(&parameters);
        return 0;
    }
}
