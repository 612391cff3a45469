using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>
/// Waiting while the runtime suspends threads, which it also does for debuggers, profilers and counters.
/// </summary>
/// <remarks>
/// The thread that suspends the others resets the event, sets the flag, and at the end clears the flag and
/// sets the event. A thread that wants to return to managed code meanwhile waits for the event. If this wait
/// returned at once, the thread would spin for as long as the suspension lasts.
/// </remarks>
internal static unsafe partial class GcHeap
{
    private static uint s_isInProgress;

    // The event, a word that the kernel can wait for: 0 reset, 1 set, as it is while no thread is suspended.
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

    // Only a collector that moves objects leaves references to be updated.
    private static byte AreRuntimeStructuresValid(void* self) => Yes;

    private static byte IsInProgress(void* self, byte considerStart) => (byte)Atomic.Read(ref s_isInProgress);

    private static void SetInProgress(void* self, byte value) =>
        _ = Atomic.Exchange(ref s_isInProgress, value);

    private static void ResetEvent(void* self) => _ = Atomic.Exchange(ref s_event, 0);

    private static void SetEvent(void* self)
    {
        // The store before the wake: a thread that goes to sleep in between finds the word changed, and the
        // kernel does not let it sleep.
        _ = Atomic.Exchange(ref s_event, 1);
        Os.Wake((uint*)Unsafe.AsPointer(ref s_event));
    }

    private static uint WaitUntilComplete(void* self, byte considerStart)
    {
        // The flag is tested too, as the event of a suspension that has ended may be reset by the next one.
        while (Atomic.Read(ref s_isInProgress) != 0 && Atomic.Read(ref s_event) == 0)
        {
            Os.Wait((uint*)Unsafe.AsPointer(ref s_event), 0);
        }

        return 0;
    }
}
