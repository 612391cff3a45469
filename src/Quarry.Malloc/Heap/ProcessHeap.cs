using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>The heap of the process, behind <c>malloc</c>.</summary>
/// <remarks>
/// It is created by the first allocation, which may be long before <c>main</c>, and is never destroyed.
/// </remarks>
internal unsafe struct ProcessHeap : IHeapHost
{
    private static nuint s_heap;

    /// <summary>The heap; null before its first use.</summary>
    public static HeapState* Heap => (HeapState*)Atomic.Read(ref s_heap);

    /// <summary>Gets the time since the heap was created, in nanoseconds.</summary>
    internal static nuint AgeNanoseconds => Arenas.AgeOf(0);

    /// <summary>
    /// Returns <paramref name="thread"/>, or a new thread heap if it is the placeholder; null if out of
    /// memory.
    /// </summary>
    internal static ThreadHeap* Ensure(ThreadHeap* thread) => thread->Heap != null ? thread : Attach();

    /// <inheritdoc/>
    public static ThreadHeap* Attach() => AttachWith(null);

    /// <inheritdoc/>
    public static ThreadHeap* AttachToFree(void* block) => ThreadWord.HasEnded ? null : AttachWith(block);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ThreadHeap* AttachWith(void* block)
    {
        // With an isolated heap, each call comes here, so that the rest has a frame of its own.
        ThreadHeap* thread = ThreadWord.ProcessHeap;
        return ThreadWord.IsFacade(thread) ? thread->Home : AttachSlow(block);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ThreadHeap* AttachSlow(void* block)
    {
        ThreadHeap* thread = ThreadWord.Interrupted;
        if (thread != null)
        {
            return Resume(thread);
        }

        HeapState* heap = Heap;
        heap = heap != null ? heap : Create();
        thread = heap == null ? null : ThreadLifetime.Acquire(heap, Os.ThreadId(), block);
        if (thread != null)
        {
            ThreadHeap* facade = heap->Isolated == null ? null : ThreadLifetime.FacadeOf(thread);
            ThreadWord.ProcessHeap = facade != null ? facade : thread;
            Lifetime.WatchThread(thread);
            thread = facade != null ? thread : Arenas.AreSeveral ? AutomaticArenas.Assign(thread) : thread;
        }

        return thread;
    }

    /// <inheritdoc/>
    public static HeapState* Find(void* address) => Arenas.HeapAt(address);

    /// <inheritdoc/>
    public static ThreadHeap* ThreadIn(HeapState* heap) => ArenaThreads.Find(heap);

    /// <inheritdoc/>
    public static ThreadHeap* ThreadFor(void* address, ThreadHeap* thread) =>
        ArenaMap.IsEmpty ? null : ArenaThreads.FindAt(address, thread);

    /// <inheritdoc/>
    public static HeapState* Oversize(HeapState* heap) => AutomaticArenas.Oversize(heap);

    /// <inheritdoc/>
    public static void OnUnavailable() => Errno.Value = Errno.NoMemory;

    /// <summary>
    /// Gives the thread heap back to a thread that has jumped out of a signal handler. In the handler, the
    /// thread heap stays busy, so the caller uses another one.
    /// </summary>
    private static ThreadHeap* Resume(ThreadHeap* thread)
    {
        byte frame;
        if (ThreadLifetime.TryEnter(thread, &frame))
        {
            ThreadWord.ProcessHeap = thread;
            ThreadLifetime.Leave(thread);
        }

        return thread;
    }

    /// <summary>Creates a heap with the options of the process; null if out of memory.</summary>
    /// <param name="source">The source of its memory.</param>
    /// <param name="reserve">The number of bytes of address space to reserve for a region.</param>
    /// <param name="decay">The decay time, in milliseconds; the largest number for never.</param>
    internal static HeapState* Create(PageSource source, nuint reserve, nuint decay)
    {
        HeapOptions options = new()
        {
            PageSource = source,
            LimitBytes = Options.Limit,
            ReserveBytes = reserve,
            OnExhausted = &HeapCallbacks.OnExhausted,
            OnForeign = &HeapCallbacks.OnForeign,
            OnDoubleFree = &HeapCallbacks.OnDoubleFree,
            CheckInterval = Options.CheckInterval,
            Fill = Options.Fill,
            Guards = GuardMode.Guards,
            Isolated = IsolationMode.Heap,
            VariesLines = Options.VariesLines,
        };
        HeapState* heap = HeapState.TryCreate<Geometry>(&options);
        if (heap != null)
        {
            // Directly, because a jemalloc configuration may use all 64 bits.
            heap->Backend.DecayMilliseconds = unchecked((nint)decay);
        }

        return heap;
    }

    private static HeapState* Create()
    {
        // Without the function, which a statically linked program may lack, clocks are read by system calls.
        _ = LibC.TryGetAuxiliaryValue(AuxiliaryVector.Vdso, out nuint vdso);
        Os.Linux.SetVdso(vdso);
        Options.Read();
        ArenaOptions.Complete();
        DecayControls.Start();
        GuardMode.Start();
        IsolationMode.Start();
        nuint decay = unchecked((nuint)Options.DecayMilliseconds);
        HeapState* heap = Create(Arenas.FirstPages(), Options.Reserve, decay);
        if (heap == null)
        {
            return null;
        }

        // Threads that make the first allocation concurrently each create a heap; all but one are destroyed.
        if (!Atomic.TryReplace(ref s_heap, 0, (nuint)heap))
        {
            HeapState.Destroy(heap);
            return Heap;
        }

        Arenas.Start(heap);
        Lifetime.Watch();
        heap->OnProgress = &HeapCallbacks.OnProgress;
        bool records = StatisticsFile.Start();
        records |= Profiler.Start(heap);
        records |= JemallocProfile.Start();
        records |= IntervalReports.Start(heap);
        if (records || ArenaOptions.Mode != ProcessorArenas.None)
        {
            Atomic.Write(ref heap->WantsProgress, 1);
        }

        ProfileRequest.Announce(heap);

        return heap;
    }
}
