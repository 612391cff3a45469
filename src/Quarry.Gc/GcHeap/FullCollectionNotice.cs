using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>
/// Lets threads wait for full collections: <c>GC.RegisterForFullGCNotification</c> and the methods that wait.
/// </summary>
/// <remarks>
/// Two events: one is set from the time at which the next collection will be a full one until that is done,
/// the other one from then on. Without collections, waits time out.
/// </remarks>
internal static unsafe class FullCollectionNotice
{
    // wait_full_gc_status
    private const int Succeeded = 0, Cancelled = 2, TimedOut = 3, NotApplicable = 4;

    // Futex words: 1 if set.
    private static uint s_isRegistered;
    private static uint s_approaches;
    private static uint s_isComplete;

    internal static void Register()
    {
        _ = Atomic.Exchange(ref s_approaches, 0);
        _ = Atomic.Exchange(ref s_isComplete, 0);
        _ = Atomic.Exchange(ref s_isRegistered, 1);
    }

    /// <summary>Ends the registration, and all waits.</summary>
    internal static void Cancel()
    {
        _ = Atomic.Exchange(ref s_isRegistered, 0);
        Set(ref s_approaches);
        Set(ref s_isComplete);
    }

    internal static int WaitForApproach(int milliseconds) => Wait(ref s_approaches, milliseconds);

    internal static int WaitForCompletion(int milliseconds) => Wait(ref s_isComplete, milliseconds);

    /// <summary>Reports that the next collection will be a full one.</summary>
    internal static void ReportApproach()
    {
        if (Atomic.Read(ref s_isRegistered) != 0)
        {
            _ = Atomic.Exchange(ref s_isComplete, 0);
            Set(ref s_approaches);
        }
    }

    /// <summary>Reports that a full collection is done.</summary>
    internal static void ReportCompletion()
    {
        if (Atomic.Read(ref s_isRegistered) != 0)
        {
            _ = Atomic.Exchange(ref s_approaches, 0);
            Set(ref s_isComplete);
        }
    }

    private static void Set(ref uint word)
    {
        _ = Atomic.Exchange(ref word, 1);
        Os.Wake((uint*)Unsafe.AsPointer(ref word));
    }

    /// <param name="word">The event.</param>
    /// <param name="milliseconds">The maximum time; negative for no limit.</param>
    private static int Wait(ref uint word, int milliseconds)
    {
        if (Atomic.Read(ref s_isRegistered) == 0)
        {
            return NotApplicable;
        }

        // Threads in cooperative mode must not wait, because a suspension waits for them.
        bool wasCooperative = Runtime.EnablePreemption();
        nuint start = Os.Milliseconds();
        bool timedOut = false;
        while (Atomic.Read(ref word) == 0 && !timedOut)
        {
            nuint passed = Os.Milliseconds() - start;
            if (milliseconds < 0)
            {
                Os.Wait((uint*)Unsafe.AsPointer(ref word), 0);
            }
            else if (passed < (nuint)milliseconds)
            {
                Os.Wait((uint*)Unsafe.AsPointer(ref word), 0, (nuint)milliseconds - passed);
            }
            else
            {
                timedOut = true;
            }
        }

        if (wasCooperative)
        {
            Runtime.DisablePreemption();
        }

        return timedOut ? TimedOut : Atomic.Read(ref s_isRegistered) != 0 ? Succeeded : Cancelled;
    }
}
