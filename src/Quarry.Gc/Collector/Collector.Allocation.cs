namespace Quarry.Gc;

/// <summary>Objects, and where they lie.</summary>
internal static unsafe partial class Collector
{
    private const uint NotInHeap = 0x7fffffff;

    private static void FillAllocation(void** slots)
    {
        slots[0] = slots[1] = (delegate*<void*, nint>)&Answers.One;
        slots[22] = (delegate*<void*, void*, uint>)&WhichGeneration;
        slots[31] = slots[35] = slots[40] = (delegate*<void*, nint>)&Answers.One;
        slots[36] = (delegate*<void*, void*, nint>)&IsHeapPointer;
        slots[43] = (delegate*<void*, AllocationContext*, void>)&FixAllocContext;
        slots[53] = (delegate*<void*, AllocationContext*, nuint, uint, byte*>)&Alloc;
        slots[73] = (delegate*<void*, SegmentInfo*, void*>)&RegisterFrozenSegment;
        slots[74] = (delegate*<void*, FrozenSegment*, void>)&UnregisterFrozenSegment;
        slots[75] = (delegate*<void*, void*, nint>)&IsInFrozenSegment;
        slots[78] = (delegate*<void*, void*, byte**, byte**, byte**, uint>)&GetGenerationWithRange;
        slots[81] = (delegate*<void*, FrozenSegment*, byte*, byte*, void>)&UpdateFrozenSegment;
        slots[86] = (delegate*<void*, nuint>)&LargeObjectThreshold;
    }

    private static byte* Alloc(void* self, AllocationContext* context, nuint size, uint flags) =>
        ManagedHeap.Allocate(context, size, flags);

    private static void FixAllocContext(void* self, AllocationContext* context) =>
        ManagedHeap.Retire(context);

    private static nint IsHeapPointer(void* self, void* address) => ManagedHeap.Contains(address) ? 1 : 0;

    private static uint WhichGeneration(void* self, void* address) =>
        ManagedHeap.Contains(address) ? 0 : NotInHeap;

    private static uint GetGenerationWithRange(
        void* self, void* address, byte** start, byte** allocated, byte** reserved)
    {
        *start = ManagedHeap.Start;
        *allocated = ManagedHeap.Start + ManagedHeap.UsedBytes;
        *reserved = ManagedHeap.End;
        return WhichGeneration(self, address);
    }

    private static void* RegisterFrozenSegment(void* self, SegmentInfo* segment) =>
        FrozenSegments.Register(segment);

    private static void UpdateFrozenSegment(
        void* self, FrozenSegment* segment, byte* allocated, byte* committed) =>
        segment->Allocated = allocated;

    // Its description stays in the list, and contains nothing.
    private static void UnregisterFrozenSegment(void* self, FrozenSegment* segment) =>
        segment->End = segment->Start;

    private static nint IsInFrozenSegment(void* self, void* address) =>
        FrozenSegments.Contain(address) ? 1 : 0;

    // The runtime asks for such objects with a flag of their own.
    private static nuint LargeObjectThreshold(void* self) => 85_000;
}
