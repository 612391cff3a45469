using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>A collection, step by step.</summary>
/// <remarks>
/// <para>
/// All threads are suspended meanwhile. Objects that can be reached are marked, the others are swept into
/// holes, and nothing moves. A large heap is swept after a full collection, while threads run again. A full
/// collection clears all marks first. A young one keeps them: what survived an earlier collection is assumed
/// to be alive, and is visited only where references were stored since then.
/// </para>
/// <para>
/// On request, threads run while a full collection for the budget marks (<see cref="ConcurrentMark"/>). It
/// then begins and ends in pauses that otherwise would be those of young collections.
/// </para>
/// <para>
/// The order of the steps is part of .NET's contract. Short weak handles are cleared before finalizers are
/// considered, long ones and dependent handles afterwards, because a finalizer revives its object for them.
/// </para>
/// </remarks>
internal static unsafe class Collector
{
    // 1 while a thread collects because the budget is used up: a futex word.
    private static uint s_isStarting;
    private static nuint s_fullCollections;

    /// <summary>The generation that is being collected; 0 if no collection is in progress.</summary>
    internal static int Condemned { get; private set; }

    /// <summary>The number of full collections.</summary>
    internal static nuint FullCollections => Atomic.Read(ref s_fullCollections);

    /// <summary>Creates the structures of the collector.</summary>
    /// <returns>False if out of memory.</returns>
    internal static bool TryCreate()
    {
        CollectionHistory.Initialize();
        Budget.Initialize();
        return MarkThreads.TryCreate() && CollectedHeap.TryCreate();
    }

    /// <summary>Collects because the budget is used up, or to end what is marked already.</summary>
    internal static void CollectForBudget()
    {
        // Several threads find it at once. All of them help to finish the previous sweep, without which no
        // thread is suspended; then one of them collects.
        LazySweep.Finish();
        if (Atomic.Exchange(ref s_isStarting, 1) == 0)
        {
            Collect(Budget.IsFullDue ? GcHeap.OldestGeneration : 0, CollectionReason.Budget);
            _ = Atomic.Exchange(ref s_isStarting, 0);
            Os.Wake((uint*)Unsafe.AsPointer(ref s_isStarting));
        }
        else
        {
            WaitForCollection();
        }
    }

    /// <summary>Collects because memory for an object was not found.</summary>
    /// <param name="seen">The number of full collections at that time.</param>
    internal static void CollectForSpace(nuint seen) =>
        Collect(GcHeap.OldestGeneration, CollectionReason.OutOfSpace, seen);

    /// <summary>
    /// Collects a generation. The caller is in cooperative mode, unless it is a native thread.
    /// </summary>
    /// <param name="generation">The oldest generation to collect; 1 is collected like 0.</param>
    /// <param name="reason">A value of <see cref="CollectionReason"/>.</param>
    internal static void Collect(int generation, int reason) => Collect(generation, reason, nuint.MaxValue);

    // After more full collections than the last argument, this one is not needed.
    private static void Collect(int generation, int reason, nuint seen)
    {
        // A suspension in cooperative mode would wait for this thread itself. If several threads suspend at
        // once, they do it one after another.
        bool wasCooperative = Runtime.EnablePreemption();
        MarkThreads.Start();
        SweepThread.Start();
        ConcurrentMark.StartThread();

        // What the previous collection has left, as long as other threads run.
        LazySweep.Finish();
        ulong start = Os.Nanoseconds();
        Runtime.Suspend();
        if (wasCooperative)
        {
            Runtime.DisablePreemption();
        }

        if (seen >= s_fullCollections)
        {
            Run(generation, reason, start);
        }

        bool isDue = FinalizerQueue.DueCount != 0;
        if (wasCooperative)
        {
            _ = Runtime.EnablePreemption();
        }

        Runtime.Restart();
        if (LazySweep.IsPending)
        {
            SweepThread.Wake();
            if (reason == CollectionReason.Induced)
            {
                // The program expects that memory was returned.
                LazySweep.Finish();
            }
        }

        if (wasCooperative)
        {
            Runtime.DisablePreemption();
        }

        Runtime.WakeFinalizer(isDue);
    }

    /// <summary>Waits for a collection that another thread starts, in preemptive mode.</summary>
    /// <remarks>
    /// If there are more threads than processors, it may be a while until that thread runs and suspends the
    /// others. If they continued meanwhile, they would allocate a multiple of the budget. A wait that ends
    /// too early does no harm.
    /// </remarks>
    private static void WaitForCollection()
    {
        bool wasCooperative = Runtime.EnablePreemption();
        Os.Wait((uint*)Unsafe.AsPointer(ref s_isStarting), 1);
        if (wasCooperative)
        {
            Runtime.DisablePreemption();
        }
    }

    private static void Run(int generation, int reason, ulong start)
    {
        // Nothing, unless another thread has collected in between.
        LazySweep.Finish();

        CollectionKind kind = Choose(generation, reason);
        bool full = kind is CollectionKind.Finishing or CollectionKind.Full;

        // A full collection that was due may begin with a young one.
        int collected = full ? GcHeap.OldestGeneration
            : generation == GcHeap.OldestGeneration ? 0
            : generation;
        nuint index = CollectionCounts.Add(collected);
        NoCollectionRegion.EndForCollection(reason == CollectionReason.Induced);
        Condemned = collected;
        CollectedHeap.RetireAll();
        CollectionRecord record = default;
        record.Index = index;
        record.Generation = collected;
        record.IsConcurrent = kind == CollectionKind.Finishing;
        record.IsPromotion = kind is CollectionKind.Promotion or CollectionKind.PromotionWithStart;
        record.Start = start;
        record.Suspended = Os.Nanoseconds();
        CollectedHeap.DescribeBefore(&record);
        CollectionEvents.ReportTrigger(reason);
        Events.ReportStart(index, collected, reason);
        Runtime.ReportStart(collected, reason == CollectionReason.Induced);
        Runtime.StartWork(collected);
        if (CollectorSettings.Verifies)
        {
            HandleTable.VerifyAge();
            SweepVerifier.Verify();
        }

        Marker.ResetCount();
        HandleTable.ResetCount();
        ulong processor = full ? Os.ThreadNanoseconds() : 0;
        MarkAll(kind, collected, &record);
        record.Marked = Os.Nanoseconds();
        if (full)
        {
            ConcurrentMark.Consider(kind, Os.ThreadNanoseconds() - processor);
        }

        if (!record.IsPromotion)
        {
            SweepDead(full, index);
        }

        record.Swept = Os.Nanoseconds();
        Runtime.Done(collected);
        CollectedHeap.Update(full, &record);
        if (CollectorSettings.Verifies)
        {
            HeapVerifier.Verify();
        }

        // Profilers and heap dumps walk the heap at this point.
        Runtime.ReportEnd(index, collected, reason);
        CollectedHeap.DescribeAfter(&record);
        CollectionEvents.ReportGenerations(&record);
        CollectionEvents.ReportHistory(&record, reason);
        Events.ReportEnd(index, collected);
        CollectionEvents.ReportSizes(&record);
        Condemned = 0;
        CollectionHistory.Add(&record);
        if (CollectorSettings.Traces)
        {
            CollectionTrace.Write(&record);
        }

        if (full)
        {
            // After one that began earlier, objects are left that have died since then.
            s_fullCollections += kind == CollectionKind.Full ? 1u : 0;
            FullCollectionNotice.ReportCompletion();
        }
        else if (kind is CollectionKind.YoungWithStart or CollectionKind.PromotionWithStart)
        {
            ConcurrentMark.Start();
        }
    }

    /// <summary>Chooses what to do for a request to collect a generation.</summary>
    private static CollectionKind Choose(int generation, int reason)
    {
        // Without the list of the acquired ranges, the holes in them can only be found by a full sweep.
        bool full = generation >= GcHeap.OldestGeneration;
        if (!AllocatedRanges.IsComplete || (full && reason != CollectionReason.Budget))
        {
            return CollectionKind.Full;
        }

        if (reason == CollectionReason.Budget && ConcurrentMark.IsInProgress)
        {
            return ConcurrentMark.IsComplete || Budget.IsFullOverdue
                ? CollectionKind.Finishing
                : CollectionKind.Young;
        }

        bool promotes = reason == CollectionReason.Budget && Budget.PromotesYoung;
        if (!full)
        {
            return promotes ? CollectionKind.Promotion : CollectionKind.Young;
        }

        if (!ConcurrentMark.IsAvailable || Budget.IsFullUrgent)
        {
            return CollectionKind.Full;
        }

        // If the previous bits are not cleared yet, they are soon.
        bool starts = ConcurrentMark.IsReady;
        return promotes
            ? starts ? CollectionKind.PromotionWithStart : CollectionKind.Promotion
            : starts ? CollectionKind.YoungWithStart : CollectionKind.Young;
    }

    /// <summary>Marks the live objects, makes finalizers due, and clears weak handles.</summary>
    private static void MarkAll(CollectionKind kind, int generation, CollectionRecord* record)
    {
        bool young = generation < GcHeap.OldestGeneration;
        ObjectStarts.ForgetLast();
        ScanContext scan = default;
        scan.ThreadCount = 1;
        scan.Promotion = 1;
        Runtime.BeforeScanRoots(generation);
        BeginMarking(kind, record->Index);
        record->Stacks = Roots.MarkStacks(&scan);
        CollectionEvents.ReportMarked(CollectionEvents.FromStacks);
        FinalizerQueue.MarkDue();
        CollectionEvents.ReportMarked(CollectionEvents.FromFinalizers);
        record->Handles = Roots.MarkHandles(young);
        CollectionEvents.ReportMarked(CollectionEvents.FromHandles);
        record->Handles += DependentHandles.Find(young);
        DependentHandles.Mark();
        CollectionEvents.ReportMarked(CollectionEvents.FromDependents);
        Runtime.AfterScanRoots(generation, &scan);
        record->Handles += WeakHandles.ClearShort(young);
        nuint marked = Marker.CountedBytes;
        FinalizerQueue.FindDue(young);
        Marker.Finish();
        record->FinalizersBytes = Marker.CountedBytes - marked;
        CollectionEvents.ReportMarked(CollectionEvents.FromNewFinalizers);
        DependentHandles.Mark();
        DependentHandles.Forget();
        CollectionEvents.ReportMarked(CollectionEvents.FromDependents);
        record->Handles += WeakHandles.ClearOthers(young);
        record->HandlesVisited = HandleTable.Visited;
        HandleTable.Age();
        Runtime.ScanSyncBlocks(&ClearIfDead);
        Runtime.EndSyncBlocks();
        Marker.Trim();
        ConcurrentCards.Resume();
        if (kind == CollectionKind.Finishing)
        {
            ConcurrentMark.Finish();
        }
    }

    /// <summary>Clears the marks, or marks from the cards.</summary>
    private static void BeginMarking(CollectionKind kind, nuint collection)
    {
        nuint used = ManagedHeap.UsedBytes;
        switch (kind)
        {
            case CollectionKind.Full:
                ConcurrentMark.Abandon();
                ObjectStarts.AddMarked(used);
                MarkBits.Clear(used);
                Cards.Clear(used);
                return;
            case CollectionKind.Young when ConcurrentMark.IsInProgress:
                ConcurrentCards.Suspend();
                Cards.MarkAndKeep(used);
                break;
            case CollectionKind.Finishing:
                ConcurrentMark.TakeOver(collection);
                Cards.MarkAndClear(used);
                break;
            case CollectionKind.Promotion or CollectionKind.PromotionWithStart:
                Promote(kind, used);
                break;
            default:
                if (kind == CollectionKind.YoungWithStart)
                {
                    ConcurrentMark.Prepare();
                }

                Cards.MarkAndClear(used);
                break;
        }

        CollectionEvents.ReportMarked(CollectionEvents.FromOlder);
    }

    /// <summary>
    /// Sets the marks of all young objects. The steps after this one then find no dead ones, and nothing to
    /// visit.
    /// </summary>
    private static void Promote(CollectionKind kind, nuint used)
    {
        Cards.Clear(used);
        if (kind == CollectionKind.PromotionWithStart)
        {
            ConcurrentMark.Prepare();
        }

        // From now on, the marks tell where objects start. What was recorded may be inside a larger hole now.
        Sweeper.SweepYoung(promotes: true);
        ObjectStarts.Clear(used);
        AllocatedRanges.Clear();
    }

    private static void SweepDead(bool full, nuint collection)
    {
        // Before the sweep returns memory: the entries of returned granules are not cleared.
        ObjectStarts.Clear(ManagedHeap.UsedBytes);
        nuint retained = CollectorSettings.RetainsMemory ? nuint.MaxValue : Budget.Retained;
        if (full && Marker.IsCountExact && LazySweep.IsWorth(Marker.CountedBytes))
        {
            Sweeper.SweepLater(retained, Marker.CountedBytes, collection);
        }
        else if (full)
        {
            Sweeper.SweepAll(retained);
        }
        else
        {
            Sweeper.SweepYoung(promotes: false);
        }

        AllocatedRanges.Clear();
    }

    private static void ClearIfDead(ManagedObject** slot, nuint* extra, nuint first, nuint second)
    {
        if (*slot != null && !Marker.IsLive(*slot))
        {
            *slot = null;
        }
    }
}
