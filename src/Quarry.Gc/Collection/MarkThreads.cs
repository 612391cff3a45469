namespace Quarry.Gc;

/// <summary>The threads that mark together with the thread that collects.</summary>
/// <remarks>
/// As many as there are processors, or as <c>GCHeapCount</c> says. They are started before the first
/// collection that is worth it, so most programs that end soon have none, and wait between collections.
/// </remarks>
internal static unsafe class MarkThreads
{
    /// <summary>The largest number of threads that mark, with the one that collects.</summary>
    internal const int Most = 8;

    private const int LeastUnderStress = 4;

    // The size of the live objects from which on it is worth it.
    private const nuint WorthBytes = 16 << 20;

    private static nuint s_areStarted;
    private static int s_count;
    private static Table s_workers;

    /// <summary>The number of workers, of which the first one is that of the thread that collects.</summary>
    internal static int Count { get; private set; }

    /// <summary>Determines whether the live objects are worth threads of the collector.</summary>
    internal static bool AreWorth => CollectedHeap.LiveBytes >= WorthBytes || CollectorSettings.SharesAlways
        || CollectorSettings.SweepsLate || CollectorSettings.MarksAlways;

    /// <summary>Returns a worker.</summary>
    internal static MarkWorker<PauseMarking>* Worker(int index) =>
        (MarkWorker<PauseMarking>*)s_workers.Items[index];

    /// <summary>Creates the worker of the thread that collects.</summary>
    /// <returns>False if out of memory.</returns>
    internal static bool TryCreate()
    {
        s_count = Runtime.TryGetInteger("GCHeapCount"u8, "System.GC.HeapCount"u8, out long count) && count > 0
            ? (int)count
            : (int)Runtime.ProcessorCount();
        if (CollectorSettings.SharesAlways && s_count < LeastUnderStress)
        {
            s_count = LeastUnderStress;
        }

        s_count = s_count < 1 ? 1 : s_count > Most ? Most : s_count;
        return MarkPool.TryCreate(CollectorSettings.SharesAlways) && TryAddWorker();
    }

    /// <summary>
    /// Starts the threads, if it is time; the calling thread must not be in cooperative mode. Without memory
    /// for them, there are fewer.
    /// </summary>
    internal static void Start()
    {
        if (s_count == 1 || !AreWorth || Atomic.Exchange(ref s_areStarted, 1) != 0)
        {
            return;
        }

        while (Count < s_count && TryAddWorker())
        {
            if (!Runtime.TryStartThread(&MarkPool.Help, Worker(Count - 1), ".NET GC Mark\0"u8))
            {
                return;
            }
        }
    }

    private static bool TryAddWorker()
    {
        // A page each: threads write to no cache line of another one.
        MarkWorker<PauseMarking>* worker = (MarkWorker<PauseMarking>*)Os.Map(Os.PageSize);
        if (worker == null || !worker->TryCreate())
        {
            return false;
        }

        s_workers.Items[Count++] = (ulong)worker;
        return true;
    }

    private struct Table
    {
        public fixed ulong Items[Most];
    }
}
