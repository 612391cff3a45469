namespace Quarry.Gc;

/// <summary>Registers objects for finalization, and passes those that are due to the runtime.</summary>
/// <remarks>Without collections, no object dies, and no finalizer runs.</remarks>
internal static unsafe partial class GcHeap
{
    private static void FillFinalization(GcHeapTable* table)
    {
        table->RegisterForFinalization = &RegisterForFinalization;
        table->SetFinalizationRun = &SuppressFinalization;
        table->GetNextFinalizable = &GetNextFinalizable;
        table->GetNumberOfFinalizable = &GetFinalizableCount;
    }

    // For No, the runtime throws an OutOfMemoryException.
    private static byte RegisterForFinalization(void* self, int generation, ManagedObject* instance) =>
        !HeapMode.IsCollecting || FinalizerQueue.TryRegisterAgain(instance) ? Yes : No;

    private static void SuppressFinalization(void* self, ManagedObject* instance)
    {
        if (HeapMode.IsCollecting)
        {
            FinalizerQueue.Suppress(instance);
        }
    }

    private static ManagedObject* GetNextFinalizable(void* self) =>
        HeapMode.IsCollecting ? FinalizerQueue.TakeDue() : null;

    private static nuint GetFinalizableCount(void* self) => FinalizerQueue.DueCount;
}
