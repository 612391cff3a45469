namespace Quarry.Malloc;

/// <summary>Messages about pointers that are freed or resized, and that nobody here has handed out.</summary>
internal static unsafe class ForeignBlock
{
    // A program that frees foreign pointers in a loop must not fill the disk with messages.
    private const nuint MaxReports = 100;

    private static nuint s_reports;

    /// <summary>Writes a line to standard error.</summary>
    internal static void Report(void* block, bool aborts)
    {
        nuint reports = Atomic.Add(ref s_reports, 1);
        if (reports > MaxReports && !aborts)
        {
            return;
        }

        TextBuffer text = new(stackalloc byte[256]);
        text.Append("quarry: 0x"u8);
        text.AppendHex((nuint)block);
        text.Append(" was freed or resized, but is no block of this heap"u8);
        text.Append(aborts ? "; aborting\n"u8 : "; ignored\n"u8);
        if (reports == MaxReports)
        {
            text.Append("quarry: no more such pointers are reported\n"u8);
        }

        StandardError.Write(ref text);
    }
}
