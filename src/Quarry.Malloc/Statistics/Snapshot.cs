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
    private const int MaxPath = 4096;

    private static byte* s_prefix;
    private static nuint s_due;

    /// <summary>Begins to keep the record if it is wanted.</summary>
    internal static void Start(HeapState* heap)
    {
        s_prefix = EnvironmentBlock.Find("QUARRY_STATS="u8);
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
        if (now >= due && Atomic.TryReplace(ref s_due, due, now + PeriodMilliseconds))
        {
            Write(final: false);
        }
    }

    private static void Write(bool final)
    {
        byte* path = stackalloc byte[MaxPath];
        byte* temporaryPath = stackalloc byte[MaxPath];
        byte* program = stackalloc byte[MaxPath];
        TextBuffer name = default;
        name.AppendString(s_prefix);
        name.Append((byte)'.');
        name.Append((nuint)Os.ProcessId());
        name.CopyTo(path, MaxPath);
        name.Append("~"u8);
        name.CopyTo(temporaryPath, MaxPath);

        fixed (byte* link = "/proc/self/exe\0"u8)
        {
            nint length = Os.SystemCall(Os.CallReadlink, (nint)link, (nint)program, MaxPath - 1, 0, 0, 0);
            program[length < 0 ? 0 : length] = 0;
        }

        TextBuffer text = default;
        Report.WriteJson(ref text, program, final);
        text.Replace(path, temporaryPath);
    }
}
