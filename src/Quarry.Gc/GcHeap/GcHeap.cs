using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>The methods of <c>IGCHeap</c>, which the runtime calls for everything except handles.</summary>
/// <remarks>Methods that no part assigns return 0.</remarks>
internal static unsafe partial class GcHeap
{
    /// <summary>
    /// The highest generation, as in the stock collector, because programs collect generation 2 by its
    /// number. Large objects are in it, and objects that survived a collection; all others are in generation
    /// 0.
    /// </summary>
    internal const int OldestGeneration = 2;

    private const byte No = 0, Yes = 1;
    private const int Success = 0;

    private static InterfaceObject<GcHeapTable> s_object;

    /// <summary>Creates the object that the runtime calls.</summary>
    internal static void* Create()
    {
        var instance = (InterfaceObject<GcHeapTable>*)Unsafe.AsPointer(ref s_object);
        GcHeapTable* table = InterfaceObject<GcHeapTable>.Initialize(instance);
        table->Initialize = &Initialize;
        FillAllocation(table);
        FillCollection(table);
        FillDiagnostics(table);
        FillFinalization(table);
        FillInformation(table);
        FillSuspension(table);
        return instance;
    }

    /// <summary>Passes the bounds of the heap and of its young part to the write barriers.</summary>
    private static int Initialize(void* self)
    {
        FreeObject.Initialize();

        // Without collections, nothing is young, so the ordinary barrier stores and returns. The barrier of
        // Server GC marks cards regardless of the bounds, so the card tables must exist. The collector needs
        // the marks, and finds young objects anywhere in the heap.
        byte* none = (byte*)nuint.MaxValue;
        WriteBarrierParameters parameters = default;
        parameters.Operation = WriteBarrierParameters.Initialize;
        parameters.IsRuntimeSuspended = Yes;
        parameters.CardTable = HeapPageSource.BiasedCards;
        parameters.CardBundleTable = HeapPageSource.BiasedBundles;
        parameters.Lowest = ManagedHeap.Start;
        parameters.Highest = ManagedHeap.End;
        parameters.EphemeralLow = HeapMode.IsCollecting ? ManagedHeap.Start : none;
        parameters.EphemeralHigh = HeapMode.IsCollecting ? ManagedHeap.End : none;
        Runtime.StompWriteBarrier(&parameters);
        return Success;
    }
}
