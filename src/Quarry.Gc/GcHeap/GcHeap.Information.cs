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
        table->GetTotalPauseDuration = &GetTotalPauseDuration;
        table->GetLastGCPercentTimeInGC = &GetLastPercentTimeInCollection;
        table->GetLastGCStartTime = &GetLastStartTime;
        table->GetLastGCDuration = &GetLastDuration;
        table->GetNow = &GetNow;
        table->RefreshMemoryLimit = &RefreshMemoryLimit;
    }

    private static nuint GetBytesInUse(void* self) => ManagedHeap.InUseBytes;

    private static ulong GetAllocatedBytes(void* self) => ManagedHeap.AllocatedBytes;

    private static nuint GetGenerationSize(void* self, int generation)
    {
        if (HeapMode.IsCollecting)
        {
            return generation == 0 ? Budget.Allocated
                : generation == OldestGeneration ? CollectedHeap.LiveBytes
                : 0;
        }

        return generation == 0 ? ManagedHeap.InUseBytes : 0;
    }

    private static ulong GetGenerationBudget(void* self, int generation) =>
        HeapMode.IsCollecting ? YoungBudget.Size : ManagedHeap.ReservedBytes;

    private static long GetTotalPauseDuration(void* self) => CollectionHistory.PauseTicks;

    private static int GetLastPercentTimeInCollection(void* self) => (int)CollectionHistory.LastPercentage;

    private static nuint GetLastStartTime(void* self, int generation) =>
        CollectionHistory.Milliseconds(CollectionHistory.LastOf(generation).Start);

    private static nuint GetLastDuration(void* self, int generation) =>
        CollectionHistory.Milliseconds(CollectionHistory.LastOf(generation).Pause);

    private static nuint GetNow(void* self) => Os.Milliseconds();

    private static int RefreshMemoryLimit(void* self)
    {
        // REFRESH_MEMORY_LIMIT_STATUS: GC.RefreshMemoryLimit throws for this value.
        const int LimitTooLow = 1;
        if (!HeapLimit.TryRefresh() && HeapMode.IsCollecting)
        {
            // Garbage may be in the way.
            Budget.ReturnMemory();
            Collector.Collect(OldestGeneration, CollectionReason.LowMemory);
        }

        return HeapLimit.TryRefresh() ? Success : LimitTooLow;
    }

    private static uint GetMemoryLoad(void* self) => SystemMemory.Percentage(SystemMemory.UsedBytes());

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
        CollectionRecord record =
            HeapMode.IsCollecting ? CollectionHistory.Last(kind) : Describe(&statistics);
        *totalAvailable = statistics.Limit != 0 && statistics.Limit < total ? statistics.Limit : total;
        *highLoadThreshold = *totalAvailable / 10 * 9;
        *memoryLoad = HeapMode.IsCollecting ? record.MemoryLoad : SystemMemory.UsedBytes();
        *heapSize = record.LiveAfter + (HeapMode.IsCollecting ? record.FreeAfter : 0);
        *fragmentation = record.FreeAfter;
        *committed = record.Committed;
        *promoted = record.Promoted;
        *pinned = record.Pinned;
        *finalizationPending = record.FinalizersDue;
        *index = record.Index;
        *generation = (uint)record.Generation;
        *pausePercentage = record.PausePercentage;
        *isCompaction = No;
        *isConcurrent = record.IsConcurrent ? Yes : No;
        for (int value = 0; value < Generations * Values; value++)
        {
            generations[value] = 0;
        }

        // For each generation: size and fragmentation before the collection, then those after it.
        generations[0] = record.YoungBefore;
        if (HeapMode.IsCollecting)
        {
            ulong* oldest = generations + (OldestGeneration * Values);
            oldest[0] = record.OldBefore + record.FreeBefore;
            oldest[1] = record.FreeBefore;
            oldest[2] = record.LiveAfter + record.FreeAfter;
            oldest[3] = record.FreeAfter;
        }
        else
        {
            generations[2] = record.LiveAfter;
        }

        for (int value = 0; value < Pauses; value++)
        {
            pauses[value] = 0;
        }

        pauses[0] = CollectionHistory.Ticks(record.Pause);
    }

    /// <summary>
    /// Describes the present state as that after a collection, in modes that do not collect.
    /// </summary>
    private static CollectionRecord Describe(ManagedHeapStatistics* statistics) => new()
    {
        YoungBefore = statistics->InUse,
        LiveAfter = statistics->InUse,
        FreeAfter = statistics->Used - statistics->InUse,
        Committed = statistics->Committed,
    };
}
