using System.Runtime;

namespace Quarry.Gc;

/// <summary>What is said when the process ends, in the mode <c>counting</c>.</summary>
/// <remarks>
/// The startup hook names the types, so it has the first word. Where it is not in use, this is the totals.
/// </remarks>
internal static class EndReport
{
    private static bool s_done;

    /// <summary>Says that somebody has reported already.</summary>
    internal static void Skip() => s_done = true;

    /// <summary>
    /// Called by the loader as the process ends. Other threads may be making objects; that is all right, but
    /// the last ones may not be counted.
    /// </summary>
    [RuntimeExport("quarry_gc_end")]
    internal static void Write()
    {
        if (!HeapMode.IsCounting || s_done)
        {
            return;
        }

        TypeFigures total = TypeCensus.Total(out nuint types);
        TextBuffer text = new(stackalloc byte[256]);
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
