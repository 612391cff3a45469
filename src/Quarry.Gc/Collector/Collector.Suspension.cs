namespace Quarry.Gc;

/// <summary>
/// Waiting while the runtime has stopped all threads, which it does for debuggers and counters.
/// </summary>
internal static unsafe partial class Collector
{
    private static uint s_inProgress;

    // Set at first: nobody waits. A word, as the system can wait for one.
    private static uint s_mayGoOn;

    private static void FillSuspension(void** slots)
    {
        s_mayGoOn = 1;
        slots[38] = (delegate*<void*, nint>)&IsInProgress;
        slots[42] = (delegate*<void*, uint>)&WaitUntilComplete;
        slots[45] = (delegate*<void*, byte, void>)&SetInProgress;
        slots[46] = (delegate*<void*, nint>)&Answers.One;
        slots[55] = (delegate*<void*, void>)&SetEvent;
        slots[56] = (delegate*<void*, void>)&ResetEvent;
    }

    private static nint IsInProgress(void* self) => (nint)Atomic.Read(ref s_inProgress);

    private static void SetInProgress(void* self, byte value) => _ = Atomic.Exchange(ref s_inProgress, value);

    private static void ResetEvent(void* self) => _ = Atomic.Exchange(ref s_mayGoOn, 0);

    private static void SetEvent(void* self)
    {
        _ = Atomic.Exchange(ref s_mayGoOn, 1);
        fixed (uint* word = &s_mayGoOn)
        {
            Os.Wake(word);
        }
    }

    private static uint WaitUntilComplete(void* self)
    {
        fixed (uint* word = &s_mayGoOn)
        {
            while (Atomic.Read(ref s_inProgress) != 0 && Atomic.Read(ref *word) == 0)
            {
                Os.Wait(word, 0);
            }
        }

        return 0;
    }
}
