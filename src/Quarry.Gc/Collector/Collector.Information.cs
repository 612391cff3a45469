namespace Quarry.Gc;

/// <summary>Figures.</summary>
internal static unsafe partial class Collector
{
    private static void FillInformation(void** slots)
    {
        slots[12] = (delegate*<void*, ulong*, ulong*, ulong*, ulong*, ulong*, ulong*, ulong*, ulong*, ulong*,
            ulong*, uint*, uint*, byte*, byte*, ulong*, ulong*, int, void>)&GetMemoryInfo;
        slots[13] = (delegate*<void*, uint>)&GetMemoryLoad;
        slots[26] = slots[44] = (delegate*<void*, nuint>)&BytesInUse;
        slots[27] = (delegate*<void*, nuint>)&BytesHandedOut;
        slots[33] = (delegate*<void*, int, nuint>)&GenerationSize;
        slots[52] = (delegate*<void*, nuint>)&Now;
        slots[82] = (delegate*<void*, int>)&RefreshLimit;
        slots[85] = (delegate*<void*, nuint>)&Budgeted;
    }

    private static nuint BytesInUse(void* self) => ManagedHeap.InUseBytes;

    private static nuint BytesHandedOut(void* self) => ManagedHeap.HandedOutBytes;

    /// <summary>The container's limit may have changed.</summary>
    private static int RefreshLimit(void* self)
    {
        Budget.Read();
        return Success;
    }

    private static nuint GenerationSize(void* self, int generation) =>
        generation == 0 ? ManagedHeap.InUseBytes : 0;

    private static nuint Now(void* self) => Os.Milliseconds();

    private static nuint Budgeted(void* self) => ManagedHeap.ReservedBytes;

    private static uint GetMemoryLoad(void* self)
    {
        ulong total = Machine.MemoryBytes();
        return total == 0 ? 0 : (uint)(Machine.UsedBytes() * 100 / total);
    }

    /// <summary>
    /// <c>GC.GetGCMemoryInfo</c>. Everything is written: the caller does not clear what it passes.
    /// </summary>
    private static void GetMemoryInfo(
        void* self,
        ulong* highLoadThreshold,
        ulong* totalAvailable,
        ulong* memoryLoad,
        ulong* heapSize,
        ulong* fragmentation,
        ulong* committed,
        ulong* promoted,
        ulong* pinned,
        ulong* finalizationPending,
        ulong* index,
        uint* generation,
        uint* pausePercentage,
        byte* isCompaction,
        byte* isConcurrent,
        ulong* generations,
        ulong* pauses,
        int kind)
    {
        const int Generations = 5, Values = 4, Pauses = 2;
        ulong total = Machine.MemoryBytes();
        ulong used = ManagedHeap.InUseBytes;
        *totalAvailable = Budget.LimitBytes != 0 && Budget.LimitBytes < total ? Budget.LimitBytes : total;
        *highLoadThreshold = *totalAvailable / 10 * 9;
        *memoryLoad = Machine.UsedBytes();
        *heapSize = used;
        *fragmentation = ManagedHeap.UsedBytes - used;
        *committed = ManagedHeap.CommittedBytes;
        *promoted = 0;
        *pinned = 0;
        *finalizationPending = 0;
        *index = 0;
        *generation = 0;
        *pausePercentage = 0;
        *isCompaction = 0;
        *isConcurrent = 0;
        for (int value = 0; value < Generations * Values; value++)
        {
            generations[value] = 0;
        }

        // Of each generation: size and fragmentation before, size and fragmentation after.
        generations[0] = used;
        generations[2] = used;
        for (int value = 0; value < Pauses; value++)
        {
            pauses[value] = 0;
        }
    }
}
