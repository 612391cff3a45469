namespace Quarry.Malloc;

/// <summary>Reports pointers that are freed or reallocated but were not allocated here.</summary>
internal static unsafe class ForeignPointer
{
    // A program that frees foreign pointers in a loop must not fill the disk with messages.
    private const nuint MaxReports = 100;

    private static nuint s_reports;

    /// <summary>Writes a message to standard error, and aborts the process if requested.</summary>
    internal static void Report(void* address, bool abort)
    {
        nuint reports = Atomic.Add(ref s_reports, 1);
        if (reports <= MaxReports || abort)
        {
            Write(address, abort, isLast: reports == MaxReports);
        }

        if (abort)
        {
            // The C library's abort flushes nothing but runs the program's handler for SIGABRT.
            if (LibC.Abort() != null)
            {
                _ = NativeCall.Invoke(LibC.Abort());
            }

            Os.Abort();
        }
    }

    private static void Write(void* address, bool abort, bool isLast)
    {
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("quarry: invalid pointer 0x"u8);
        text.AppendHex((nuint)address);
        text.Append(": not a block of this heap"u8);
        text.Append(" (possibly from a library opened with RTLD_DEEPBIND)"u8);
        text.Append(abort ? "; aborting\n"u8 : "; ignored\n"u8);
        if (isLast)
        {
            text.Append("quarry: further invalid pointers are not reported\n"u8);
        }

        StandardError.Write(ref text);
    }
}
