using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>
/// Writes the report when the runtime aborts the process: for <c>Environment.FailFast</c>, a stack overflow,
/// or a fault of its own.
/// </summary>
/// <remarks>
/// <para>
/// The runtime raises no event then, and removes all handlers of SIGABRT. But it calls <c>abort</c>, and that
/// call is replaced. Only managed code has the names of types, and the aborting thread can be anywhere, so a
/// thread of the startup hook waits in <see cref="Await"/> for this moment.
/// </para>
/// <para>The aborting thread waits for that thread for a limited time: the runtime may be damaged.</para>
/// </remarks>
internal static unsafe class AbortReport
{
    private const uint MostMilliseconds = 10_000;

    private static void* s_abort;

    private static nuint s_hasReporter;

    // A futex word.
    private static uint s_isAborting;

    /// <summary>Replaces the runtime's call of <c>abort</c>.</summary>
    internal static void Install()
    {
        if (HeapMode.IsCounting || HeapMode.IsTracing)
        {
            delegate*<void> replacement = &Abort;
            s_abort = ImportTable.Replace(Runtime.Code, "abort"u8, replacement);
        }
    }

    /// <summary>Announces that a thread will wait, so that an abort before that is not missed.</summary>
    internal static void Announce() => Atomic.Write(ref s_hasReporter, 1);

    /// <summary>Waits until the runtime aborts the process; for the thread that reports then.</summary>
    internal static void Await()
    {
        while (Atomic.Read(ref s_isAborting) == 0)
        {
            Os.Wait((uint*)Unsafe.AsPointer(ref s_isAborting), 0);
        }
    }

    private static void Abort()
    {
        // The report suspends all threads, and would wait for this one in cooperative mode.
        _ = Runtime.EnablePreemption();
        if (!FinalReport.IsDone && Atomic.Read(ref s_hasReporter) != 0)
        {
            _ = Atomic.Exchange(ref s_isAborting, 1);
            Os.Wake((uint*)Unsafe.AsPointer(ref s_isAborting));
            FinalReport.Await(MostMilliseconds);
        }

        FinalReport.Write();
        _ = NativeCall.Invoke(s_abort);
    }
}
