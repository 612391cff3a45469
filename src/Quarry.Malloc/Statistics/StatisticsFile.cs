using System;
using System.Runtime;

namespace Quarry.Malloc;

/// <summary>
/// Records the statistics of this process in a file, for readers such as <c>quarry run --stats</c>.
/// </summary>
/// <remarks>
/// <para>
/// The environment variable <c>QUARRY_STATS</c> names the file; the process ID is appended. The file is
/// written periodically and at exit, so that a process that is killed leaves its last periodic record.
/// </para>
/// <para>
/// No thread waits. One thread at a time writes a periodic record to the temporary file and renames it; the
/// others skip theirs. At exit, the first thread to set <see cref="Finished"/> then unlinks the temporary
/// file and writes the final record. If a periodic writer created the temporary file before the unlink, its
/// rename fails; if it creates the file afterwards, it reads <see cref="Finished"/> and does not rename.
/// Therefore a periodic record never replaces the final one.
/// </para>
/// </remarks>
internal static unsafe class StatisticsFile
{
    private const nuint PeriodMilliseconds = 50;

    // The number of records written without waiting for the period. A short process that ends by _exit, such
    // as a shell, writes no final record and may end within the first period.
    private const nuint EagerWrites = 32;

    private const nuint Idle = 0, Writing = 1, Finished = 2;

    private static RecordPaths* s_paths;
    private static ReportBuffer s_periodicBuffer;
    private static ReportBuffer s_finalBuffer;
    private static bool s_loaded;

    // 0 if nothing is recorded.
    private static int s_processId;
    private static nuint s_state;
    private static nuint s_due;
    private static nuint s_calls;

    /// <summary>Gets a value that indicates whether a record is written.</summary>
    internal static bool IsStarted => s_processId != 0;

    /// <summary>
    /// Reads <c>QUARRY_STATS</c> when the library is loaded: once the program runs, it may change its working
    /// folder, overwrite its environment, or allocate for the first time in a child of <c>vfork</c>.
    /// </summary>
    [RuntimeExport("quarry_at_load")]
    internal static void OnLoad()
    {
        if (s_loaded)
        {
            return;
        }

        s_loaded = true;
        byte* prefix = ProcessEnvironment.Find("QUARRY_STATS"u8);
        if (prefix == null)
        {
            return;
        }

        // All memory is mapped now: the final record must not fail because memory is exhausted.
        RecordPaths* paths = (RecordPaths*)Os.Map((nuint)sizeof(RecordPaths));
        if (paths == null
            || !ReportBuffer.TryMap(out s_periodicBuffer) || !ReportBuffer.TryMap(out s_finalBuffer))
        {
            return;
        }

        s_paths = paths;
        if (RecordPaths.TrySet(paths, prefix))
        {
            s_processId = Os.ProcessId();
            RecordPaths.SetProcess(paths, s_processId);
        }
        else
        {
            Report("the path is too long"u8, prefix);
        }
    }

    /// <summary>Writes the first record of a new heap.</summary>
    /// <returns>Whether periodic records follow.</returns>
    internal static bool Start()
    {
        // A library that was initialized earlier may make the first allocation before OnLoad is called.
        OnLoad();
        if (IsRecorded() && !TryWrite(s_periodicBuffer, final: false))
        {
            Report("cannot write the file"u8, RecordPaths.File(s_paths));
            s_processId = 0;
        }

        return s_processId != 0;
    }

    /// <summary>Starts the record of a forked child, which has one thread.</summary>
    internal static void StartInChild()
    {
        if (s_processId != 0)
        {
            s_processId = Os.ProcessId();
            s_state = Idle;
            s_calls = 0;
            RecordPaths.SetProcess(s_paths, s_processId);
            _ = TryWrite(s_periodicBuffer, final: false);
        }
    }

    [RuntimeExport("quarry_at_exit")]
    internal static void AtExit()
    {
        if (IsRecorded() && Atomic.Exchange(ref s_state, Finished) != Finished)
        {
            OsFile.Delete(RecordPaths.Temporary(s_paths, final: false));
            _ = TryWrite(s_finalBuffer, final: true);
        }
    }

    /// <summary>Writes a periodic record if it is due.</summary>
    /// <param name="now">The time, in milliseconds.</param>
    internal static void OnProgress(nuint now)
    {
        if (s_processId == 0)
        {
            return;
        }

        nuint due = Atomic.Read(ref s_due);
        bool isDue = Atomic.Add(ref s_calls, 1) <= EagerWrites
            || (now >= due && Atomic.TryReplace(ref s_due, due, now + PeriodMilliseconds));
        if (isDue && IsRecorded() && Atomic.TryReplace(ref s_state, Idle, Writing))
        {
            _ = TryWrite(s_periodicBuffer, final: false);
            _ = Atomic.TryReplace(ref s_state, Writing, Idle);
        }
    }

    /// <summary>
    /// Determines whether the calling process has a record. A child of <c>vfork</c>, which runs in the memory
    /// of its parent, has none.
    /// </summary>
    private static bool IsRecorded() => s_processId != 0 && s_processId == Os.ProcessId();

    private static bool TryWrite(ReportBuffer buffer, bool final)
    {
        // Periodic records are written from within the heap.
        HeapStatistics heap = final
            ? ProcessStatistics.Read(buffer.Classes)
            : ProcessStatistics.ReadUnsettled(buffer.Classes);
        ProcessMemory memory = ProcessMemory.Read(buffer.Text);
        TextBuffer text = new(buffer.Text);
        StatisticsJson.Write(
            ref text, RecordPaths.Program(s_paths), final, memory, heap, buffer.Classes);
        return !text.IsFull && TryReplaceFile(text.Text, final);
    }

    private static bool TryReplaceFile(ReadOnlySpan<byte> record, bool final)
    {
        byte* temporary = RecordPaths.Temporary(s_paths, final);

        // An earlier process with the same ID may have left a file.
        OsFile.Delete(temporary);
        bool written = OsFile.TryCreate(temporary, record);
        if (written && (final || Atomic.Read(ref s_state) != Finished)
            && OsFile.TryRename(temporary, RecordPaths.File(s_paths)))
        {
            return true;
        }

        OsFile.Delete(temporary);
        return false;
    }

    private static void Report(ReadOnlySpan<byte> problem, byte* path)
    {
        TextBuffer text = new(s_periodicBuffer.Text);
        text.Append("quarry: QUARRY_STATS: "u8);
        text.Append(problem);
        text.Append(" '"u8);
        text.AppendString(path);
        text.Append("'; no statistics are recorded\n"u8);
        StandardError.Write(ref text);
    }
}
