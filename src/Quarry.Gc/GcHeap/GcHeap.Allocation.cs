namespace Quarry.Gc;

/// <summary>Allocates objects, and determines the ranges that contain them.</summary>
internal static unsafe partial class GcHeap
{
    private const uint NotInHeap = 0x7fffffff;

    // The stock collector's threshold. The runtime sets a flag to allocate larger objects.
    private const uint LargeObjectThreshold = 85_000;

    private static void FillAllocation(GcHeapTable* table)
    {
        table->IsValidSegmentSize = &IsValidSegmentSize;
        table->IsValidGen0MaxSize = &IsValidGen0MaxSize;
        table->Alloc = &Alloc;
        table->FixAllocContext = &FixAllocContext;
        table->IsThreadUsingAllocationContextHeap = &IsThreadUsingAllocationContextHeap;
        table->GetLOHThreshold = &GetLargeObjectThreshold;
        table->IsHeapPointer = &IsHeapPointer;
        table->WhichGeneration = &WhichGeneration;
        table->IsEphemeral = &IsEphemeral;
        table->GetContainingObject = &GetContainingObject;
        table->GetGenerationWithRange = &GetGenerationWithRange;
        table->RegisterFrozenSegment = &RegisterFrozenSegment;
        table->UnregisterFrozenSegment = &UnregisterFrozenSegment;
        table->UpdateFrozenSegment = &UpdateFrozenSegment;
        table->IsInFrozenSegment = &IsInFrozenSegment;
    }

    private static byte IsValidSegmentSize(void* self, nuint size) => Yes;

    private static byte IsValidGen0MaxSize(void* self, nuint size) => Yes;

    private static ManagedObject* Alloc(void* self, AllocationContext* context, nuint size, uint flags) =>
        ManagedHeap.Allocate(context, size, flags);

    private static void FixAllocContext(void* self, AllocationContext* context, void* argument, void* heap) =>
        ManagedHeap.Retire(context);

    // There is one heap for all threads.
    private static byte IsThreadUsingAllocationContextHeap(
        void* self, AllocationContext* context, int heapNumber) => Yes;

    private static nuint GetLargeObjectThreshold(void* self) => LargeObjectThreshold;

    private static byte IsHeapPointer(void* self, void* address, byte smallOnly) =>
        ManagedHeap.Contains(address) ? Yes : No;

    private static uint WhichGeneration(void* self, ManagedObject* instance) =>
        !ManagedHeap.Contains(instance) ? NotInHeap
        : IsLarge(instance) || (HeapMode.IsCollecting && Marker.IsLive(instance)) ? (uint)OldestGeneration
        : 0u;

    // The stock collector considers large objects old from the start.
    private static bool IsLarge(ManagedObject* instance)
    {
        MethodTable* type = ManagedObject.TypeOf(instance);
        return type != null && ManagedObject.SizeOf(instance, type) >= LargeObjectThreshold;
    }

    // The runtime keeps the sync blocks of young objects in a list for the next young collection. It asks for
    // each of them during a collection, when what lives, and is old from then on, is marked.
    private static byte IsEphemeral(void* self, ManagedObject* instance) =>
        HeapMode.IsCollecting && !Marker.IsLive(instance) ? Yes : No;

    private static ManagedObject* GetContainingObject(void* self, void* address, byte collectedOnly) =>
        HeapMode.IsCollecting ? ObjectStarts.Find((byte*)address) : null;

    private static uint GetGenerationWithRange(
        void* self, ManagedObject* instance, byte** start, byte** allocated, byte** reserved)
    {
        *start = ManagedHeap.Start;
        *allocated = ManagedHeap.Start + ManagedHeap.UsedBytes;
        *reserved = ManagedHeap.End;
        return WhichGeneration(self, instance);
    }

    private static HeapSegment* RegisterFrozenSegment(void* self, SegmentInfo* info) =>
        FrozenSegments.Register(info);

    private static void UnregisterFrozenSegment(void* self, HeapSegment* segment) =>
        FrozenSegments.Unregister(segment);

    private static void UpdateFrozenSegment(
        void* self, HeapSegment* segment, byte* allocated, byte* committed) =>
        FrozenSegments.Update(segment, allocated, committed);

    private static byte IsInFrozenSegment(void* self, ManagedObject* instance) =>
        FrozenSegments.Contain(instance) ? Yes : No;
}
