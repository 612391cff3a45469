using System;

namespace Quarry.Malloc;

/// <summary>Reports pointers passed to <c>free</c> or <c>realloc</c> that are not blocks in use.</summary>
internal static unsafe class InvalidPointer
{
    // A program that frees invalid pointers in a loop must not fill the disk with messages.
    private const nuint MaxReports = 100;

    private static nuint s_reports;

    /// <summary>Reports a pointer that was not allocated here, and aborts the process if requested.</summary>
    internal static void ReportForeign(void* address, bool abort) =>
        Report(
            address,
            ": not a block of this heap (possibly from a library opened with RTLD_DEEPBIND)"u8,
            abort);

    /// <summary>Reports a double free, and aborts the process if requested.</summary>
    internal static void ReportDoubleFree(void* address, bool abort) =>
        Report(address, ": the block was freed twice"u8, abort);

    private static void Report(void* address, ReadOnlySpan<byte> reason, bool abort)
    {
        nuint reports = Atomic.Add(ref s_reports, 1);
        if (reports <= MaxReports || abort)
        {
            Write(address, reason, abort, isLast: reports == MaxReports);
        }

        if (abort)
        {
            ProcessAbort.Raise();
        }
    }

    private static void Write(void* address, ReadOnlySpan<byte> reason, bool abort, bool isLast)
    {
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("quarry: invalid pointer 0x"u8);
        text.AppendHex((nuint)address);
        text.Append(reason);
        text.Append(abort ? "; aborting\n"u8 : "; ignored\n"u8);
        if (isLast)
        {
            text.Append("quarry: further invalid pointers are not reported\n"u8);
        }

        StandardError.Write(ref text);
    }
}
