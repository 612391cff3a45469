using System.Runtime;
using System.Threading;

namespace Quarry.Malloc;

/// <summary>
/// The thread that returns unused memory, so that idle processes do so and other threads need not.
/// </summary>
/// <remarks>
/// <para>
/// One thread serves all heaps; purging is far faster than freeing. It never allocates, and takes no lock of
/// the C library after it has started. While it runs, application threads do not purge, unless the decay time
/// is 0. When all memory is clean it sleeps until a thread that frees memory wakes it.
/// </para>
/// <para>
/// It is started in an ordinary call of the program, or when the library is loaded; never in an allocation,
/// whose caller may hold locks that creating a thread takes. Before a fork, the thread completes its step,
/// or slices that it holds would be lost in the child. The child has no background thread.
/// </para>
/// </remarks>
internal static unsafe class BackgroundThread
{
    // As in jemalloc: waking more often would not return noticeably more.
    private const nuint LeastSleepMilliseconds = 100;

    // Runs without dirty memory before the thread sleeps until it is woken. The first one notes which threads
    // drain their queues, the second one relieves those that have not.
    private const int QuietRuns = 2;

    // Excludes starting and stopping at the same time.
    private static CountedLock s_switch;

    // Held while the background thread uses heaps, for a step at a time, and by a thread that forks.
    private static CountedLock s_step;

    // The number of threads that wait for the lock or hold it, to which the background thread gives way.
    private static nuint s_pauses;

    // The ID of the thread that holds the lock for a pause, and the number of its pauses; 0 if there is none.
    private static nuint s_pauser;
    private static nuint s_depth;

    private static nuint s_handle;
    private static nuint s_running;
    private static nuint s_stops;
    private static nuint s_runs;
    private static nuint s_sleptNanoseconds;
    private static bool s_loaded;

    // Incremented to wake the thread.
    private static uint s_signal;

    /// <summary>Gets a value that indicates whether the thread runs.</summary>
    internal static bool IsRunning => Atomic.Read(ref s_running) != 0;

    /// <summary>Gets the number of times that the thread was woken or its time had come.</summary>
    internal static nuint Runs => IsRunning ? Atomic.Read(ref s_runs) : 0;

    /// <summary>Gets the mean time between two runs, in nanoseconds.</summary>
    internal static nuint RunInterval => Runs == 0 ? 0 : Atomic.Read(ref s_sleptNanoseconds) / Runs;

    /// <summary>Gets the statistics of the lock around starting and stopping.</summary>
    internal static LockStatistics SwitchStatistics => s_switch.Statistics;

    /// <summary>Gets the statistics of the lock that the thread holds for a step.</summary>
    internal static LockStatistics StepStatistics => s_step.Statistics;

    private static nuint Forever => nuint.MaxValue;

    /// <summary>Starts the thread if it is not running.</summary>
    /// <returns>
    /// False if the process cannot create threads; also in the child of a <c>vfork</c>, which runs in the
    /// memory of its parent.
    /// </returns>
    internal static bool TryStart()
    {
        HeapState* heap = ProcessHeap.Heap;
        if (heap == null || heap->ProcessId != Os.ProcessId())
        {
            return false;
        }

        s_switch.Enter();
        bool started = IsRunning;
        if (!started)
        {
            s_stops = 0;
            s_runs = 0;
            s_sleptNanoseconds = 0;
            started = LibCThreads.TryCreate(&Main, out s_handle);
            Atomic.Write(ref s_running, started ? 1u : 0u);
        }

        s_switch.Exit();
        return started;
    }

    /// <summary>Stops the thread if it is running, and waits until it has ended.</summary>
    internal static void Stop()
    {
        s_switch.Enter();
        if (IsRunning)
        {
            Atomic.Write(ref s_stops, 1);
            Wake();
            LibCThreads.Join(s_handle);
            Atomic.Write(ref s_running, 0);

            // No arena is destroyed meanwhile.
            s_step.Enter();
            Release();
            s_step.Exit();
        }

        s_switch.Exit();
    }

    /// <summary>Starts the thread when the library is loaded, if the options ask for it.</summary>
    [RuntimeExport("quarry_background_at_load")]
    internal static void OnLoad()
    {
        if (s_loaded)
        {
            return;
        }

        // Without the option, the heap is created by the first allocation. With it, there may be no safe
        // moment later.
        s_loaded = true;
        if (ConfSources.Mention("background_thread"u8))
        {
            _ = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
            if (BackgroundOptions.Starts && !TryStart())
            {
                JemallocMessage.Write(
                    "background_thread:true has no effect: the process cannot create threads"u8, default,
                    default, isPair: false);
            }
        }
    }

    /// <summary>
    /// Keeps the thread from using heaps until <see cref="Resume"/>: before a fork, and while a heap is
    /// destroyed.
    /// </summary>
    /// <remarks>
    /// May be nested, because a signal handler may fork while the thread that it has interrupted does.
    /// </remarks>
    internal static void Pause()
    {
        nuint threadId = (nuint)Os.ThreadId();
        if (Atomic.Read(ref s_pauser) != threadId)
        {
            _ = Atomic.Add(ref s_pauses, 1);
            s_step.Enter();
            Atomic.Write(ref s_pauser, threadId);
        }

        s_depth++;
    }

    /// <summary>Lets the thread continue; in the parent after a fork.</summary>
    internal static void Resume()
    {
        if (--s_depth == 0)
        {
            Atomic.Write(ref s_pauser, 0);
            s_step.Exit();
            _ = Atomic.Subtract(ref s_pauses, 1);
        }
    }

    /// <summary>Forgets the thread, which does not exist in the child of a fork.</summary>
    internal static void StartInChild()
    {
        s_switch = default;
        s_step = default;
        s_pauses = 0;
        s_pauser = 0;
        s_depth = 0;
        s_running = 0;
        Release();
    }

    /// <summary>Sets the statistics of the locks to zero.</summary>
    internal static void ResetStatistics()
    {
        s_switch.ResetStatistics();
        s_step.ResetStatistics();
    }

    private static void* Main(void* argument)
    {
        Os.NameThread("quarry_bg_thd\0"u8);
        int quiet = 0;
        while (Atomic.Read(ref s_stops) == 0)
        {
            // Before the run: a signal that arrives during it ends the sleep.
            uint signal = Atomic.Read(ref s_signal);
            nuint sleep = Run(ref quiet);
            _ = Atomic.Add(ref s_runs, 1);
            ulong start = Os.Nanoseconds();
            Sleep(signal, sleep);
            _ = Atomic.Add(ref s_sleptNanoseconds, (nuint)(Os.Nanoseconds() - start));
        }

        return null;
    }

    /// <summary>Purges what is due; returns the time until more is, in milliseconds.</summary>
    private static nuint Run(ref int quiet)
    {
        nuint now;
        bool remains;
        do
        {
            while (Atomic.Read(ref s_pauses) != 0)
            {
                Os.Sleep();
            }

            now = Os.Milliseconds();
            remains = false;
            s_step.Enter();
            nuint index = 0;
            while (Arenas.TryNext(ref index, out Arena* arena))
            {
                Attend(&arena->Heap->Backend);
                remains |= HeapUpkeep.Attend(arena->Heap, now);
            }

            s_step.Exit();
        }
        while (remains && Atomic.Read(ref s_stops) == 0);

        s_step.Enter();
        nuint sleep = Forever;
        nuint next = 0;
        while (Arenas.TryNext(ref next, out Arena* arena))
        {
            nuint due = UntilDue(&arena->Heap->Backend, now, quiet);
            sleep = due < sleep ? due : sleep;
        }

        quiet = sleep == Forever || AnyDirty() ? 0 : quiet + 1;
        s_step.Exit();
        return sleep;
    }

    private static void Attend(HeapBackend* backend)
    {
        if (backend->Attended == 0)
        {
            *(nuint*)&backend->OnWake = (nuint)(delegate*<void>)&Wake;
            Atomic.Write(ref backend->Attended, 1);
        }
    }

    private static nuint UntilDue(HeapBackend* backend, nuint now, int quiet)
    {
        nuint decay = (nuint)backend->DecayMilliseconds;
        if ((nint)decay <= 0)
        {
            return Forever;
        }

        nuint due = Atomic.Read(ref backend->DecayDue);
        nuint wait = backend->DirtySlices() != 0 ? (due > now ? due - now : 0)
            : quiet < QuietRuns ? decay
            : Forever;
        return wait < LeastSleepMilliseconds ? LeastSleepMilliseconds : wait;
    }

    private static void Sleep(uint signal, nuint milliseconds)
    {
        fixed (uint* word = &s_signal)
        {
            if (milliseconds != Forever)
            {
                Os.Wait(word, signal, milliseconds);
                return;
            }

            // A thread that frees memory sees the word set, or this thread sees the memory dirty. Pairs with
            // HeapBackend.WakeAttendant.
            s_step.Enter();
            SetWantsWake(1);
            bool dirty = AnyDirty();
            s_step.Exit();
            if (!dirty)
            {
                Os.Wait(word, signal);
            }

            s_step.Enter();
            SetWantsWake(0);
            s_step.Exit();
        }
    }

    private static bool AnyDirty()
    {
        bool dirty = false;
        nuint index = 0;
        while (Arenas.TryNext(ref index, out Arena* arena))
        {
            HeapBackend* backend = &arena->Heap->Backend;
            dirty |= backend->DecayMilliseconds > 0 && backend->DirtySlices() != 0;
        }

        return dirty;
    }

    private static void SetWantsWake(nuint value)
    {
        nuint index = 0;
        while (Arenas.TryNext(ref index, out Arena* arena))
        {
            HeapBackend* backend = &arena->Heap->Backend;
            if (backend->Attended != 0)
            {
                _ = Atomic.Exchange(ref backend->WantsWake, value);
            }
        }
    }

    // Application threads purge again.
    private static void Release()
    {
        nuint index = 0;
        while (Arenas.TryNext(ref index, out Arena* arena))
        {
            Atomic.Write(ref arena->Heap->Backend.WantsWake, 0);
            Atomic.Write(ref arena->Heap->Backend.Attended, 0);
        }
    }

    private static void Wake()
    {
        fixed (uint* word = &s_signal)
        {
            // Not atomic: two threads that wake it at once need only change the number.
            Volatile.Write(ref *word, *word + 1);
            Os.Wake(word);
        }
    }
}
