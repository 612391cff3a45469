namespace Quarry.Gc;

/// <summary>Serves profilers and heap dumps, and publishes settings.</summary>
internal static unsafe partial class GcHeap
{
    private static void FillDiagnostics(GcHeapTable* table)
    {
        table->ControlEvents = &Events.Control;
        table->DiagWalkHeap = &WalkHeap;
        table->DiagWalkHeapWithACHandling = &WalkHeap;
        table->DiagWalkObject = &WalkReferences;
        table->DiagWalkObject2 = &WalkReferencesAndFields;
        table->DiagScanFinalizeQueue = &ScanFinalizeQueue;
        table->DiagScanHandles = &ScanHandles;
        table->DiagScanDependentHandles = &ScanDependentHandles;
        table->DiagDescrGenerations = &DescribeGenerations;
        table->DiagGetGCSettings = &GetSettings;
        table->EnumerateConfigurationValues = &EnumerateConfiguration;
    }

    // Large objects are in generation 0, so the same walk visits all objects.
    private static void WalkHeap(void* self, void* function, nint context, int generation, byte large) =>
        HeapDump.Walk(function, context);

    private static void WalkReferences(void* self, ManagedObject* instance, void* function, nint context) =>
        new ReferenceReport(function, context, passesField: false).Report(instance);

    private static void WalkReferencesAndFields(
        void* self, ManagedObject* instance, void* function, nint context) =>
        new ReferenceReport(function, context, passesField: true).Report(instance);

    private static void ScanFinalizeQueue(void* self, void* function, nint context) =>
        FinalizerQueue.ReportDue(function, context);

    private static void ScanHandles(void* self, void* function, int generation, nint context) =>
        HandleTable.Scan(function, context, dependent: false);

    private static void ScanDependentHandles(void* self, void* function, int generation, nint context) =>
        HandleTable.Scan(function, context, dependent: true);

    private static void DescribeGenerations(void* self, void* function, nint context)
    {
        byte* start = ManagedHeap.Start;
        nint end = (nint)(start + ManagedHeap.UsedBytes);
        _ = NativeCall.Invoke(function, context, 0, (nint)start, end, (nint)ManagedHeap.End);
    }

    // EtwGCSettingsInfo: the hard limit, the threshold of large objects, and settings of collections, which
    // keep the zeros that the runtime passes.
    private static void GetSettings(void* self, nuint* settings)
    {
        settings[0] = HeapLimit.Bytes;
        settings[1] = GetLargeObjectThreshold(self);
    }

    private static void EnumerateConfiguration(void* self, nint context, void* function) =>
        ManagedInterface.Publish(context, function);
}
