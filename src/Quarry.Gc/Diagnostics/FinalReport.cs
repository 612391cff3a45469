using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Writes the totals at the end of the process, in the mode <c>counting</c>.</summary>
/// <remarks>
/// The startup hook writes a table with the names of types instead. This report is for programs without the
/// hook.
/// </remarks>
internal static unsafe class FinalReport
{
    // A futex word.
    private static uint s_isDone;

    /// <summary>Determines whether there is a report already.</summary>
    internal static bool IsDone => Atomic.Read(ref s_isDone) != 0;

    /// <summary>Suppresses the report, because the hook has written its own.</summary>
    internal static void Skip()
    {
        _ = Atomic.Exchange(ref s_isDone, 1);
        Os.Wake((uint*)Unsafe.AsPointer(ref s_isDone));
    }

    /// <summary>Waits until there is a report.</summary>
    internal static void Await(uint milliseconds)
    {
        ulong end = Os.Nanoseconds() + (milliseconds * 1_000_000ul);
        while (!IsDone && Os.Nanoseconds() < end)
        {
            Os.Wait((uint*)Unsafe.AsPointer(ref s_isDone), 0, milliseconds);
        }
    }

    /// <summary>
    /// Writes the report; called by the loader when the process exits. The runtime has shut down, and can no
    /// longer suspend threads that still create objects: their last objects may not be counted.
    /// </summary>
    [RuntimeExport("quarry_gc_end")]
    internal static void Write()
    {
        if (!HeapMode.IsCounting || Atomic.Exchange(ref s_isDone, 1) != 0)
        {
            return;
        }

        TypeStatistics total = TypeCensus.Total(out nuint types);
        TextBuffer text = new(stackalloc byte[512]);
        text.Append("quarry: "u8);
        text.Append(total.Objects);
        text.Append(" objects of "u8);
        text.Append(types);
        text.Append(" types, "u8);
        text.Append(total.Bytes);
        text.Append(" bytes\n"u8);
        StandardError.Write(ref text);
    }
}
