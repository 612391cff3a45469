namespace Quarry.Gc;

/// <summary>What profilers, heap dumps and the managed companion ask.</summary>
internal static unsafe partial class Collector
{
    private static void FillDiagnostics(void** slots)
    {
        slots[61] = (delegate*<void*, byte*, void*, nint, void>)&WalkReferences;
        slots[62] = (delegate*<void*, byte*, void*, nint, void>)&WalkReferencesAndFields;
        slots[67] = (delegate*<void*, void*, int, nint, void>)&ScanHandles;
        slots[68] = (delegate*<void*, void*, int, nint, void>)&ScanDependentHandles;
        slots[63] = slots[87] = (delegate*<void*, void*, nint, int, byte, void>)&WalkHeap;
        slots[69] = (delegate*<void*, void*, nint, void>)&DescribeGenerations;
        slots[71] = (delegate*<void*, nuint*, void>)&GetSettings;
        slots[76] = (delegate*<void*, int, int, void>)&Events.Control;
        slots[80] = (delegate*<void*, nint, void*, void>)&EnumerateConfiguration;
    }

    // All objects are of generation 0, large ones included: asked for another one, there is nothing to say.
    private static void WalkHeap(void* self, void* function, nint context, int generation, byte large) =>
        HeapDump.Walk(function, context);

    private static void WalkReferences(void* self, byte* place, void* function, nint context) =>
        new ObjectReferences(function, context, tellsField: false).Visit(place);

    private static void WalkReferencesAndFields(void* self, byte* place, void* function, nint context) =>
        new ObjectReferences(function, context, tellsField: true).Visit(place);

    private static void ScanHandles(void* self, void* function, int generation, nint context) =>
        HandleTable.Scan(function, context, dependent: false);

    private static void ScanDependentHandles(void* self, void* function, int generation, nint context) =>
        HandleTable.Scan(function, context, dependent: true);

    private static void DescribeGenerations(void* self, void* function, nint context)
    {
        byte* start = ManagedHeap.Start;
        nint end = (nint)(start + ManagedHeap.UsedBytes);
        _ = Runtime.Call5(function, context, 0, (nint)start, end, (nint)ManagedHeap.End);
    }

    // What follows is for collections, and zero as it came.
    private static void GetSettings(void* self, nuint* settings)
    {
        settings[0] = Budget.LimitBytes;
        settings[1] = LargeObjectThreshold(self);
    }

    private static void EnumerateConfiguration(void* self, nint context, void* function) =>
        Companion.Describe(context, function);
}
