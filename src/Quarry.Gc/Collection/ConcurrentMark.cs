using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Marks old objects while threads run, so that the pause of a full collection is short.</summary>
/// <remarks>
/// <para>
/// It begins in the pause of a young collection, when all live objects are old and no card is set, and ends
/// in the pause of a later one, which then becomes a full collection. In between, a thread of its own marks
/// old objects in <see cref="NextMarks"/>, and young collections happen as usual. If there is none, as the
/// program is idle, the thread collects itself.
/// </para>
/// <para>
/// When it ends, a marked object that was visited can refer to one without a mark only if the reference was
/// stored since the beginning, so its card is set or kept. With the bits exchanged, that is what a young
/// collection finds, too: it marks the rest from roots and cards. So nothing has to be complete, neither the
/// roots from which this begins, nor the marking itself: what is missing takes time in the pause.
/// </para>
/// <para>
/// The state changes from <see cref="Ready"/> to <see cref="Marking"/> and to <see cref="Used"/> while
/// threads are suspended, and from there to <see cref="Marked"/> and <see cref="Ready"/> by the thread.
/// </para>
/// </remarks>
internal static unsafe class ConcurrentMark
{
    // No thread; bits are clear; being marked; marked; bits are to be cleared.
    private const nuint Unavailable = 0, Ready = 1, Marking = 2, Marked = 3, Used = 4;

    private static nuint s_isStarted;
    private static nuint s_state;
    private static nuint s_worker;

    // Whether a collection needs the thread to stop, and whether the thread is at work.
    private static nuint s_mustStop;
    private static nuint s_isAtWork;

    // A futex word that changes when there is something to do.
    private static uint s_signal;

    // The time of marking, in nanoseconds, from which on it is worth it. The objects may have doubled until
    // the next full collection, and so may the time. Below, one pause is cheaper.
    private const ulong LongMarking = 10_000_000;

    // It stays worth it above this part of the time, so that a heap near the limit does not change all the
    // time.
    private const ulong StillLongDivisor = 2;

    // A program that has not used up a young budget after this time is idle: the thread then collects itself,
    // so that what is dead does not stay in memory.
    private const nuint IdleMilliseconds = 1000;

    // Whether roots are collected, and whether the bits are exchanged but the rest is not marked yet.
    private static bool s_isStarting;
    private static bool s_isFinishing;

    // The processor time of the thread while it marked.
    private static ulong s_time;

    /// <summary>
    /// Determines whether the next full collection is expected to take so long that threads should run
    /// meanwhile.
    /// </summary>
    internal static bool IsWorth { get; private set; }

    /// <summary>Determines whether it can be used for the next full collection.</summary>
    internal static bool IsAvailable => IsWorth && Atomic.Read(ref s_state) != Unavailable;

    /// <summary>Determines whether it can start now.</summary>
    internal static bool IsReady => Atomic.Read(ref s_state) == Ready;

    /// <summary>Determines whether it was started, and no collection has used the result.</summary>
    internal static bool IsInProgress => Atomic.Read(ref s_state) is Marking or Marked;

    /// <summary>Determines whether it is in progress, and has nothing left to mark.</summary>
    internal static bool IsComplete => Atomic.Read(ref s_state) == Marked;

    /// <summary>Determines whether a collection waits for the thread.</summary>
    internal static bool MustStop => Atomic.Read(ref s_mustStop) != 0;

    /// <summary>
    /// The marks of all objects that were old before the present collection; it may have exchanged the bits.
    /// </summary>
    internal static ulong* PreviousMarks =>
        s_isFinishing ? CollectorTables.NextMarks : CollectorTables.Marks;

    private static MarkWorker<ConcurrentMarking>* Worker => (MarkWorker<ConcurrentMarking>*)s_worker;

    /// <summary>
    /// Starts the thread, if it is time; the calling thread must not be in cooperative mode. If it cannot be
    /// created, full collections mark while threads are suspended.
    /// </summary>
    internal static void StartThread()
    {
        if (!IsWorth || Atomic.Exchange(ref s_isStarted, 1) != 0)
        {
            return;
        }

        s_worker = (nuint)Os.Map(Os.PageSize);
        if (s_worker != 0 && Worker->TryCreate()
            && Runtime.TryStartThread(&Run, null, ".NET BGC\0"u8))
        {
            Atomic.Write(ref s_state, Ready);
        }
    }

    /// <summary>Decides about the next full collection, when one has marked.</summary>
    /// <remarks>
    /// Processor time is compared, as the time between start and end also depends on other programs, and the
    /// size of the heap would then depend on them, too.
    /// </remarks>
    /// <param name="kind">The kind of collection.</param>
    /// <param name="paused">
    /// The processor time for which it marked while threads were suspended, in nanoseconds.
    /// </param>
    internal static void Consider(CollectionKind kind, ulong paused)
    {
        ulong time = kind == CollectionKind.Finishing ? s_time + paused : paused;
        ulong least = IsWorth ? LongMarking / StillLongDivisor : LongMarking;
        IsWorth = GcHeap.IsConcurrent && (time >= least || CollectorSettings.MarksAlways);
    }

    /// <summary>Begins to collect roots, at the start of the young collection that it follows.</summary>
    internal static void Prepare() => s_isStarting = true;

    /// <summary>Adds a root that a collection has found and marked, if one is to be followed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void AddRoot(ManagedObject* root)
    {
        if (s_isStarting)
        {
            Worker->Push(root);
        }
    }

    /// <summary>Starts to mark, at the end of a young collection. Threads are still suspended.</summary>
    internal static void Start()
    {
        s_isStarting = false;
        s_time = 0;
        SetState(Marking);
    }

    /// <summary>
    /// Makes the bits those of the heap, in the pause in which it ends, and passes on what is not visited.
    /// </summary>
    internal static void TakeOver(nuint collection)
    {
        Stop();
        CollectorTables.ExchangeMarks();
        s_isFinishing = true;
        if (CollectorSettings.Traces)
        {
            CollectionTrace.WriteMark(collection, s_time, Worker->CountedBytes, IsComplete);
        }

        Marker.TakeOver(Worker);
    }

    /// <summary>Releases the previous bits, when everything is marked.</summary>
    internal static void Finish()
    {
        s_isFinishing = false;
        Worker->Trim();
        SetState(Used);
    }

    /// <summary>Forgets what was marked, before a collection that marks everything anew.</summary>
    internal static void Abandon()
    {
        if (IsInProgress)
        {
            Stop();
            Worker->Clear();
            Worker->Trim();
            SetState(Used);
        }
    }

    private static void SetState(nuint state)
    {
        // Threads are suspended, so nothing else changes the two words but the thread that waits for them.
        Atomic.Write(ref s_state, state);
        _ = Atomic.Exchange(ref s_mustStop, 0);
        _ = Atomic.Exchange(ref s_signal, s_signal + 1);
        Os.Wake((uint*)Unsafe.AsPointer(ref s_signal));
    }

    private static void Stop()
    {
        // Pairs with the exchange in Run: either the thread finds this, or it is found at work here.
        _ = Atomic.Exchange(ref s_mustStop, 1);
        for (uint round = 0; Atomic.Read(ref s_isAtWork) != 0; round++)
        {
            Backoff.Wait(round);
        }
    }

    private static void Run(void* unused)
    {
        for (; ; )
        {
            uint signal = Atomic.Read(ref s_signal);
            _ = Atomic.Exchange(ref s_isAtWork, 1);
            nuint state = Atomic.Read(ref s_state);
            if (state == Marking && !MustStop)
            {
                Mark();
            }
            else if (state == Used)
            {
                NextMarks.Clear();
                Atomic.Write(ref s_state, Ready);
            }

            Atomic.Write(ref s_isAtWork, 0);
            Wait(signal);
        }
    }

    /// <summary>Waits until the signal has changed, or ends the collection of an idle program.</summary>
    private static void Wait(uint signal)
    {
        uint* word = (uint*)Unsafe.AsPointer(ref s_signal);
        if (!IsComplete)
        {
            Os.Wait(word, signal);
            return;
        }

        Os.Wait(word, signal, IdleMilliseconds);
        if (IsComplete && !NoCollectionRegion.IsInProgress)
        {
            Collector.CollectForBudget();
        }
    }

    private static void Mark()
    {
        ulong start = Os.ThreadNanoseconds();
        bool continues = Worker->Drain();
        if (continues)
        {
            ConcurrentRoots.MarkStrong(Worker);
            ConcurrentRoots.MarkDependent(Worker);
            ConcurrentCards.Visit(Worker);
            continues = Worker->Drain() && !MustStop;
        }

        s_time = Os.ThreadNanoseconds() - start;
        if (continues)
        {
            Atomic.Write(ref s_state, Marked);
        }
    }
}
