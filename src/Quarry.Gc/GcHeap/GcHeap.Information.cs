namespace Quarry.Gc;

/// <summary>Returns statistics of the heap and of the system.</summary>
internal static unsafe partial class GcHeap
{
    private static void FillInformation(GcHeapTable* table)
    {
        table->GetMemoryInfo = &GetMemoryInfo;
        table->GetMemoryLoad = &GetMemoryLoad;
        table->GetTotalBytesInUse = &GetBytesInUse;
        table->GetCurrentObjSize = &GetBytesInUse;
        table->GetTotalAllocatedBytes = &GetAllocatedBytes;
        table->GetLastGCGenerationSize = &GetGenerationSize;
        table->GetGenerationBudget = &GetGenerationBudget;
        table->GetNow = &GetNow;
        table->RefreshMemoryLimit = &RefreshMemoryLimit;
    }

    private static nuint GetBytesInUse(void* self) => ManagedHeap.InUseBytes;

    private static ulong GetAllocatedBytes(void* self) => ManagedHeap.AllocatedBytes;

    private static nuint GetGenerationSize(void* self, int generation) =>
        generation == 0 ? ManagedHeap.InUseBytes : 0;

    private static ulong GetGenerationBudget(void* self, int generation) => ManagedHeap.ReservedBytes;

    private static nuint GetNow(void* self) => Os.Milliseconds();

    private static int RefreshMemoryLimit(void* self)
    {
        // REFRESH_MEMORY_LIMIT_STATUS: GC.RefreshMemoryLimit throws for this value.
        const int LimitTooLow = 1;
        return HeapLimit.TryRefresh() ? Success : LimitTooLow;
    }

    private static uint GetMemoryLoad(void* self)
    {
        ulong total = SystemMemory.TotalBytes();
        return total == 0 ? 0 : (uint)(SystemMemory.UsedBytes() * 100 / total);
    }

    /// <summary>
    /// Implements <c>GC.GetGCMemoryInfo</c>. Writes every value, because the caller does not initialize them.
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
        ulong total = SystemMemory.TotalBytes();
        ManagedHeapStatistics statistics = ManagedHeapStatistics.Read();
        *totalAvailable = statistics.Limit != 0 && statistics.Limit < total ? statistics.Limit : total;
        *highLoadThreshold = *totalAvailable / 10 * 9;
        *memoryLoad = SystemMemory.UsedBytes();
        *heapSize = statistics.InUse;
        *fragmentation = statistics.Used - statistics.InUse;
        *committed = statistics.Committed;
        *promoted = 0;
        *pinned = 0;
        *finalizationPending = 0;
        *index = 0;
        *generation = 0;
        *pausePercentage = 0;
        *isCompaction = No;
        *isConcurrent = No;
        for (int value = 0; value < Generations * Values; value++)
        {
            generations[value] = 0;
        }

        // For each generation: size and fragmentation before the collection, then those after it.
        generations[0] = statistics.InUse;
        generations[2] = statistics.InUse;
        for (int value = 0; value < Pauses; value++)
        {
            pauses[value] = 0;
        }
    }
}
