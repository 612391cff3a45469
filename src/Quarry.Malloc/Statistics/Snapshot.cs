using System;
using System.Runtime;

namespace Quarry.Malloc;

/// <summary>
/// Keeps a record of the heap in a file, for who reads it after the process: <c>quarry run --stats</c>.
/// </summary>
/// <remarks>
/// The environment variable <c>QUARRY_STATS</c> names the file; the process id is appended. It is written
/// at exit, and from time to time before, so that a process that is killed leaves the last one.
/// </remarks>
internal static unsafe class Snapshot
{
    private const nuint PeriodMilliseconds = 50;

    // A small program, such as a shell that ends by _exit, is over before the first period is: its record
    // is written each time it takes memory.
    private const nuint EagerWrites = 32;

    private const int MaxPath = 4096;

    private static byte* s_prefix;
    private static nuint s_due;
    private static nuint s_calls;

    /// <summary>Begins to keep the record if it is wanted.</summary>
    internal static void Start(HeapState* heap)
    {
        s_prefix = EnvironmentVariable.Find("QUARRY_STATS"u8);
        if (s_prefix != null)
        {
            heap->OnProgress = &OnProgress;
        }
    }

    /// <summary>A forked child has a record of its own, from its first moment on.</summary>
    internal static void StartInChild()
    {
        if (s_prefix != null)
        {
            Write(final: false);
        }
    }

    [RuntimeExport("quarry_at_exit")]
    internal static void AtExit()
    {
        if (s_prefix != null)
        {
            Write(final: true);
        }
    }

    private static void OnProgress(HeapState* heap)
    {
        nuint now = Os.Milliseconds();
        nuint due = Atomic.Read(ref s_due);
        if (Atomic.Add(ref s_calls, 1) <= EagerWrites
            || (now >= due && Atomic.TryReplace(ref s_due, due, now + PeriodMilliseconds)))
        {
            Write(final: false);
        }
    }

    private static void Write(bool final)
    {
        // Not on the stack: a thread's may be of 16 KiB.
        Scratch* scratch = (Scratch*)Os.Map((nuint)sizeof(Scratch));
        if (scratch == null)
        {
            return;
        }

        // Two paths, each with its terminating zero; fresh memory is zero.
        TextBuffer path = new(new Span<byte>(scratch->Path, MaxPath - 1));
        AppendPath(ref path);
        TextBuffer temporaryPath = new(new Span<byte>(scratch->TemporaryPath, MaxPath - 1));
        AppendPath(ref temporaryPath);
        temporaryPath.Append((byte)'~');
        _ = Os.ExecutablePath(scratch->Program, MaxPath - 1);

        TextBuffer text = new(new Span<byte>(scratch->Text, Report.MaxLength));
        Report.WriteJson(ref text, scratch->Program, final);
        if (OsFile.TryCreate(scratch->TemporaryPath, text.Text))
        {
            _ = OsFile.TryRename(scratch->TemporaryPath, scratch->Path);
        }

        Os.Unmap(scratch, (nuint)sizeof(Scratch));
    }

    private static void AppendPath(ref TextBuffer path)
    {
        path.AppendString(s_prefix);
        path.Append((byte)'.');
        path.Append((nuint)Os.ProcessId());
    }

    private struct Scratch
    {
        public fixed byte Text[Report.MaxLength];
        public fixed byte Path[MaxPath];
        public fixed byte TemporaryPath[MaxPath];
        public fixed byte Program[MaxPath];
    }
}
