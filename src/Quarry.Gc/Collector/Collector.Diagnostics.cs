namespace Quarry.Gc;

/// <summary>What profilers, heap dumps and the managed companion ask.</summary>
internal static unsafe partial class Collector
{
    private static void FillDiagnostics(void** slots)
    {
        slots[63] = slots[87] = (delegate*<void*, void*, nint, int, byte, void>)&WalkHeap;
        slots[76] = (delegate*<void*, int, int, void>)&Events.Control;
        slots[80] = (delegate*<void*, nint, void*, void>)&EnumerateConfiguration;
    }

    // All objects are of generation 0, large ones included: asked for another one, there is nothing to say.
    private static void WalkHeap(void* self, void* function, nint context, int generation, byte large) =>
        HeapDump.Walk(function, context);

    private static void EnumerateConfiguration(void* self, nint context, void* function) =>
        Companion.Describe(context, function);
}
