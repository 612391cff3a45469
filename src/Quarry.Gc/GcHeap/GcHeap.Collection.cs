namespace Quarry.Gc;

/// <summary>Counts collections, which free nothing, and stores the settings for them.</summary>
internal static unsafe partial class GcHeap
{
    // collection_mode, pause_mode, set_pause_mode_status, loh_compaction_mode, wait_full_gc_status.
    private const int NonBlocking = 1;
    private const int Batch = 0, Interactive = 1, NoCollection = 4;
    private const int RegionInProgress = 1;
    private const int NoCompaction = 1;
    private const int NotApplicable = 4;

    private static int s_latencyMode;
    private static int s_compactionMode;

    private static void FillCollection(GcHeapTable* table)
    {
        s_latencyMode = Runtime.IsSet("gcConcurrent"u8, "System.GC.Concurrent"u8, otherwise: true)
            ? Interactive
            : Batch;
        s_compactionMode = NoCompaction;
        table->GarbageCollect = &GarbageCollect;
        table->CollectionCount = &GetCollectionCount;
        table->GetGcCount = &GetGcCount;
        table->GetMaxGeneration = &GetMaxGeneration;
        table->IsPromoted = &IsPromoted;
        table->GetGcLatencyMode = &GetLatencyMode;
        table->SetGcLatencyMode = &SetLatencyMode;
        table->GetLOHCompactionMode = &GetCompactionMode;
        table->SetLOHCompactionMode = &SetCompactionMode;
        table->WaitForFullGCApproach = &WaitForFullCollection;
        table->WaitForFullGCComplete = &WaitForFullCollection;
        table->StartNoGCRegion = &StartRegion;
        table->EndNoGCRegion = &EndRegion;
        table->EnableNoGCRegionCallback = &RegisterRegionCallback;
        table->GetExtraWorkForFinalization = &TakeFinalizerWork;
        table->RegisterForFinalization = &RegisterForFinalization;
    }

    /// <summary>
    /// Counts a collection, and frees nothing. Profilers take heap dumps during a collection, so it is
    /// reported if events are enabled.
    /// </summary>
    private static int GarbageCollect(void* self, int generation, byte lowMemory, int mode)
    {
        int collected = generation is < 0 or > OldestGeneration ? OldestGeneration : generation;
        nuint index = CollectionCounts.Add(collected);
        if (Events.Wanted)
        {
            HeapDump.Report(index);
        }

        // The mode is reset by a compaction, so a program that requested one finds that it was done.
        if (collected == OldestGeneration && (mode & NonBlocking) == 0)
        {
            s_compactionMode = NoCompaction;
        }

        return Success;
    }

    private static int GetCollectionCount(void* self, int generation, int background) =>
        background != 0 || generation is < 0 or > OldestGeneration
            ? 0
            : (int)CollectionCounts.Read(generation);

    private static uint GetGcCount(void* self) => (uint)CollectionCounts.Read(generation: 0);

    private static uint GetMaxGeneration(void* self) => OldestGeneration;

    private static byte IsPromoted(void* self, ManagedObject* instance) => Yes;

    private static int GetLatencyMode(void* self) =>
        NoCollectionRegion.IsInProgress ? NoCollection : s_latencyMode;

    private static int SetLatencyMode(void* self, int mode)
    {
        if (NoCollectionRegion.IsInProgress)
        {
            return RegionInProgress;
        }

        s_latencyMode = mode;
        return Success;
    }

    private static int GetCompactionMode(void* self) => s_compactionMode;

    private static void SetCompactionMode(void* self, int mode) => s_compactionMode = mode;

    private static int WaitForFullCollection(void* self, int milliseconds) => NotApplicable;

    private static int StartRegion(
        void* self, ulong size, byte largeSizeIsKnown, ulong largeSize, byte disallowFullBlocking) =>
        NoCollectionRegion.Start(size);

    private static int EndRegion(void* self) => NoCollectionRegion.End();

    private static int RegisterRegionCallback(void* self, FinalizerWorkItem* item, ulong bytes) =>
        NoCollectionRegion.Register(item, bytes);

    private static FinalizerWorkItem* TakeFinalizerWork(void* self) => NoCollectionRegion.TakeScheduled();

    // For No, the runtime would throw an OutOfMemoryException. The finalizer never runs, as the object never
    // dies.
    private static byte RegisterForFinalization(void* self, int generation, ManagedObject* instance) => Yes;
}
