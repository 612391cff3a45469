using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>The thread that sweeps after full collections, so that all memory is swept soon.</summary>
/// <remarks>
/// Threads that allocate sweep what they need. Without this thread, the rest would stay as it is in a program
/// that is idle from then on: its memory would not return to the system, and debuggers would find dead
/// objects. It is started before the first collection that is worth it.
/// </remarks>
internal static unsafe class SweepThread
{
    private static nuint s_isStarted;

    // A futex word that changes when there is something to sweep.
    private static uint s_signal;

    /// <summary>Determines whether the thread exists.</summary>
    internal static bool IsRunning { get; private set; }

    /// <summary>
    /// Starts the thread, if it is time; the calling thread must not be in cooperative mode. If it cannot be
    /// created, collections sweep while threads are suspended.
    /// </summary>
    internal static void Start()
    {
        if (MarkThreads.AreWorth && Atomic.Exchange(ref s_isStarted, 1) == 0)
        {
            IsRunning = Runtime.TryStartThread(&Run, null, ".NET GC Sweep\0"u8);
        }
    }

    /// <summary>Wakes the thread.</summary>
    internal static void Wake()
    {
        // Written while only one thread collects; the sweeping thread compares it before it waits.
        _ = Atomic.Exchange(ref s_signal, s_signal + 1);
        Os.Wake((uint*)Unsafe.AsPointer(ref s_signal));
    }

    private static void Run(void* unused)
    {
        for (; ; )
        {
            uint signal = Atomic.Read(ref s_signal);
            LazySweep.Finish();
            Os.Wait((uint*)Unsafe.AsPointer(ref s_signal), signal);
        }
    }
}
