namespace Quarry.Gc;

/// <summary>
/// Starts collections, or counts those that free nothing, and stores the settings for them.
/// </summary>
internal static unsafe partial class GcHeap
{
    // collection_mode, pause_mode, set_pause_mode_status, loh_compaction_mode.
    private const int NonBlocking = 1, Optimized = 4, Aggressive = 16;
    private const int Batch = 0, Interactive = 1, LowLatency = 2, NoCollection = 4;
    private const int RegionInProgress = 1;
    private const int NoCompaction = 1;

    private static int s_latencyMode;
    private static int s_compactionMode;

    private static void FillCollection(GcHeapTable* table)
    {
        s_latencyMode = HeapMode.IsConcurrent ? Interactive : Batch;
        s_compactionMode = NoCompaction;
        table->GarbageCollect = &GarbageCollect;
        table->CollectionCount = &GetCollectionCount;
        table->GetGcCount = &GetGcCount;
        table->GetMaxGeneration = &GetMaxGeneration;
        table->IsPromoted = &IsPromoted;
        table->GetCondemnedGeneration = &GetCondemnedGeneration;
        table->GetGcLatencyMode = &GetLatencyMode;
        table->SetGcLatencyMode = &SetLatencyMode;
        table->GetLOHCompactionMode = &GetCompactionMode;
        table->SetLOHCompactionMode = &SetCompactionMode;
        table->RegisterForFullGCNotification = &RegisterForNotification;
        table->CancelFullGCNotification = &CancelNotification;
        table->WaitForFullGCApproach = &WaitForApproach;
        table->WaitForFullGCComplete = &WaitForCompletion;
        table->StartNoGCRegion = &StartRegion;
        table->EndNoGCRegion = &EndRegion;
        table->EnableNoGCRegionCallback = &RegisterRegionCallback;
        table->GetExtraWorkForFinalization = &TakeFinalizerWork;
    }

    /// <summary>
    /// Collects, or counts a collection that frees nothing. Profilers take heap dumps during a collection,
    /// so it is reported if events are enabled.
    /// </summary>
    private static int GarbageCollect(void* self, int generation, byte lowMemory, int mode)
    {
        int collected = generation is < 0 or > OldestGeneration ? OldestGeneration : generation;
        if (HeapMode.IsCollecting)
        {
            if ((mode & Aggressive) != 0)
            {
                Budget.ReturnMemory();
            }

            // An optimized collection is a hint, which is followed if a collection would be due soon.
            if ((mode & Optimized) == 0 || Budget.Allocated >= YoungBudget.Size / 2)
            {
                Collector.Collect(collected, CollectionReason.Induced);
            }
        }
        else
        {
            nuint index = CollectionCounts.Add(collected);
            if (Events.Wanted)
            {
                HeapDump.Report(index);
            }
        }

        // The mode is reset by a compaction, so a program that requested one finds that it was done.
        if (collected == OldestGeneration && (mode & NonBlocking) == 0)
        {
            s_compactionMode = NoCompaction;
        }

        return Success;
    }

    private static int GetCollectionCount(void* self, int generation, int background) =>
        generation is < 0 or > OldestGeneration ? 0
            : background == 0 ? (int)CollectionCounts.Read(generation)
            : generation == OldestGeneration ? (int)CollectionHistory.BackgroundCount
            : 0;

    private static uint GetGcCount(void* self) => (uint)CollectionCounts.Read(generation: 0);

    private static uint GetMaxGeneration(void* self) => OldestGeneration;

    private static byte IsPromoted(void* self, ManagedObject* instance) =>
        !HeapMode.IsCollecting || Marker.IsLive(instance) ? Yes : No;

    private static uint GetCondemnedGeneration(void* self) => (uint)Collector.Condemned;

    /// <summary>The latency mode, a value of <c>GCLatencyMode</c>.</summary>
    internal static int LatencyMode => NoCollectionRegion.IsInProgress ? NoCollection : s_latencyMode;

    /// <summary>Whether the program has requested that no full collection happens unless necessary.</summary>
    internal static bool AvoidsFullCollections => s_latencyMode == LowLatency;

    /// <summary>Whether full collections may mark while threads run.</summary>
    internal static bool IsConcurrent => HeapMode.IsConcurrent && s_latencyMode != Batch;

    private static int GetLatencyMode(void* self) => LatencyMode;

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

    // The runtime throws an exception for No, as it does on the stock collector if that is concurrent.
    private static byte RegisterForNotification(void* self, uint oldPercentage, uint largePercentage)
    {
        if (HeapMode.IsConcurrent)
        {
            return No;
        }

        FullCollectionNotice.Register();
        return Yes;
    }

    private static byte CancelNotification(void* self)
    {
        FullCollectionNotice.Cancel();
        return Yes;
    }

    private static int WaitForApproach(void* self, int milliseconds) =>
        FullCollectionNotice.WaitForApproach(milliseconds);

    private static int WaitForCompletion(void* self, int milliseconds) =>
        FullCollectionNotice.WaitForCompletion(milliseconds);

    private static int StartRegion(
        void* self, ulong size, byte largeSizeIsKnown, ulong largeSize, byte disallowFullBlocking)
    {
        if (HeapMode.IsCollecting && !NoCollectionRegion.IsInProgress && disallowFullBlocking == 0)
        {
            // Garbage is not in the way then.
            Collector.Collect(OldestGeneration, CollectionReason.Induced);
        }

        return NoCollectionRegion.Start(size);
    }

    private static int EndRegion(void* self) => NoCollectionRegion.End();

    private static int RegisterRegionCallback(void* self, FinalizerWorkItem* item, ulong bytes) =>
        NoCollectionRegion.Register(item, bytes);

    private static FinalizerWorkItem* TakeFinalizerWork(void* self) => NoCollectionRegion.TakeScheduled();
}
