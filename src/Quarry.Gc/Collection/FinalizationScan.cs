namespace Quarry.Gc;

/// <summary>Makes finalizers due in the modes that never collect, because of exited threads.</summary>
/// <remarks>
/// <para>
/// The runtime keeps native memory of an exited thread until the finalizer of its <c>Thread</c> object has
/// run. Programs that keep starting threads would grow by that, without a collection. So when it is a quarter
/// of the heap, all threads are suspended, what can be reached is marked, the finalizers of all other objects
/// become due, and weak handles to them are cleared, as by a collection. No memory of the heap is freed.
/// </para>
/// <para>
/// Stacks contain pointers into the middle of objects, and in these modes nothing records where objects
/// start. So the words that stacks point to are marked first, and a walk over the heap finds the objects that
/// contain them.
/// </para>
/// </remarks>
internal static unsafe class FinalizationScan
{
    // A scan takes a few milliseconds, or some microseconds for each thread.
    private const nuint MinBytes = 4 << 20, PartOfHeap = 4;

    private static nuint s_left;
    private static nuint s_isRunning;
    private static WordList s_roots;

    /// <summary>Determines whether a scan is due, because of what exited threads have left.</summary>
    internal static bool IsDue
    {
        get
        {
            nuint left = Atomic.Read(ref s_left);
            return left >= MinBytes && left >= ManagedHeap.UsedBytes / PartOfHeap
                && !NoCollectionRegion.IsInProgress;
        }
    }

    /// <summary>Counts what is left of a thread that exits.</summary>
    internal static void CountExitedThread() => _ = Atomic.Add(ref s_left, Budget.ExitedThread);

    /// <summary>Scans, unless another thread does. Called in cooperative mode.</summary>
    internal static void Run()
    {
        if (Atomic.Exchange(ref s_isRunning, 1) != 0)
        {
            return;
        }

        bool wasCooperative = Runtime.EnablePreemption();
        Runtime.Suspend();
        if (wasCooperative)
        {
            Runtime.DisablePreemption();
        }

        Atomic.Write(ref s_left, 0);
        nuint used = ManagedHeap.UsedBytes;

        // Most programs never need a worker, so it is created here.
        if ((MarkThreads.Count != 0 || MarkThreads.TryCreate()) && CollectorTables.TryCommitMarks(used))
        {
            Scan();
        }

        CollectorTables.DecommitMarks(used);
        if (wasCooperative)
        {
            _ = Runtime.EnablePreemption();
        }

        Runtime.Restart();
        if (wasCooperative)
        {
            Runtime.DisablePreemption();
        }

        Atomic.Write(ref s_isRunning, 0);
        Runtime.WakeFinalizer(FinalizerQueue.DueCount != 0);
    }

    private static void Scan()
    {
        const int Generation = GcHeap.OldestGeneration;
        ScanContext scan = default;
        scan.ThreadCount = 1;
        scan.Promotion = 1;
        Runtime.StartWork(Generation);
        Runtime.BeforeScanRoots(Generation);
        Runtime.ScanRoots(&MarkWord, &scan);
        bool isComplete = TryFindRoots();
        if (isComplete)
        {
            FinalizerQueue.MarkDue();
            for (nuint index = 0; index < s_roots.Count; index++)
            {
                Marker.Mark((ManagedObject*)s_roots[index]);
            }

            _ = Roots.MarkHandles(young: false);
            _ = DependentHandles.Find(young: false);
            DependentHandles.Mark();
            _ = WeakHandles.ClearShort(young: false);
            FinalizerQueue.FindDue(young: false);
            DependentHandles.Mark();
            DependentHandles.Forget();
            _ = WeakHandles.ClearOthers(young: false);
            Marker.Trim();
        }

        s_roots.Clear();
        Runtime.AfterScanRoots(Generation, &scan);
        Runtime.Done(Generation);
    }

    private static void MarkWord(ManagedObject** slot, ScanContext* scan, uint flags)
    {
        byte* address = (byte*)*slot;
        if (ManagedHeap.Contains(address))
        {
            _ = MarkBits.TrySet((nuint)(address - ManagedHeap.Start));
        }
    }

    /// <summary>Lists the objects that contain marked words, and clears those marks.</summary>
    /// <returns>False if out of memory, or if unsafe code has overwritten objects.</returns>
    private static bool TryFindRoots()
    {
        HeapWalk walk = ManagedHeap.Walk();
        while (walk.MoveNext(out ManagedObject* instance, out _, out nuint size))
        {
            nuint offset = (nuint)instance - (nuint)ManagedHeap.Start;
            nuint end = offset + size;
            nuint word = MarkBits.First(offset, end);
            if (word != MarkBits.None && !s_roots.TryAdd((nuint)instance))
            {
                return false;
            }

            for (; word != MarkBits.None; word = MarkBits.First(word, end))
            {
                MarkBits.Remove(word);
            }
        }

        return walk.Damaged == null;
    }
}
