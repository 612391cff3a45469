namespace Quarry.Gc;

/// <summary>Registers objects for finalization, and passes those that are due to the runtime.</summary>
/// <remarks>
/// Without collections, only a <see cref="FinalizationScan"/> makes finalizers due.
/// </remarks>
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
        FinalizerQueue.TryRegisterAgain(instance) ? Yes : No;

    private static void SuppressFinalization(void* self, ManagedObject* instance) =>
        FinalizerQueue.Suppress(instance);

    private static ManagedObject* GetNextFinalizable(void* self) => FinalizerQueue.TakeDue();

    private static nuint GetFinalizableCount(void* self) => FinalizerQueue.DueCount;
}
