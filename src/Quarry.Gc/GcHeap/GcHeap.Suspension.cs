using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>
/// Waits while the runtime suspends threads, which it also does for debuggers, profilers and counters.
/// </summary>
/// <remarks>
/// The thread that suspends the others resets the event, sets the flag, and at the end clears the flag and
/// sets the event. A thread that wants to return to managed code meanwhile waits for the event. If this wait
/// returned at once, the thread would spin for as long as the suspension lasts.
/// </remarks>
internal static unsafe partial class GcHeap
{
    private static uint s_isInProgress;

    // The event, a futex word: 0 if reset, 1 if set. It is set while no thread is suspended.
    private static uint s_event;

    private static void FillSuspension(GcHeapTable* table)
    {
        s_event = 1;
        table->IsGCInProgressHelper = &IsInProgress;
        table->SetGCInProgress = &SetInProgress;
        table->SetWaitForGCEvent = &SetEvent;
        table->ResetWaitForGCEvent = &ResetEvent;
        table->WaitUntilGCComplete = &WaitUntilComplete;
        table->RuntimeStructuresValid = &AreRuntimeStructuresValid;
    }

    // Only a collector that moves objects invalidates references.
    private static byte AreRuntimeStructuresValid(void* self) => Yes;

    private static byte IsInProgress(void* self, byte considerStart) => (byte)Atomic.Read(ref s_isInProgress);

    private static void SetInProgress(void* self, byte value) =>
        _ = Atomic.Exchange(ref s_isInProgress, value);

    private static void ResetEvent(void* self) => _ = Atomic.Exchange(ref s_event, 0);

    private static void SetEvent(void* self)
    {
        // Stores before waking: if a thread is about to wait, the kernel finds the word changed, and the wait
        // returns at once.
        _ = Atomic.Exchange(ref s_event, 1);
        Os.Wake((uint*)Unsafe.AsPointer(ref s_event));
    }

    private static uint WaitUntilComplete(void* self, byte considerStart)
    {
        // The flag is tested too, because the next suspension may already have reset the event.
        while (Atomic.Read(ref s_isInProgress) != 0 && Atomic.Read(ref s_event) == 0)
        {
            Os.Wait((uint*)Unsafe.AsPointer(ref s_event), 0);
        }

        return 0;
    }
}
