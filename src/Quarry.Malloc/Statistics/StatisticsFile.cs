using System;
using System.Runtime;

namespace Quarry.Malloc;

/// <summary>
/// Keeps the statistics of this process in a file, for readers such as <c>quarry run --stats</c>.
/// </summary>
/// <remarks>
/// <para>
/// The environment variable <c>QUARRY_STATS</c> names the file; the process ID is appended. The file is
/// written at exit, and periodically before, so that a killed process leaves its last record.
/// </para>
/// <para>
/// No thread waits. One thread at a time writes a periodic record to the temporary file and renames it; the
/// others skip theirs. The thread that exits first sets <see cref="Finished"/>, then unlinks the temporary
/// file, then writes the final record. A periodic writer that opened the temporary file before that finds its
/// name gone when it renames; one that opens it afterwards reads <see cref="Finished"/> before it renames.
/// So a periodic record never replaces the final one.
/// </para>
/// </remarks>
internal static unsafe class StatisticsFile
{
    private const nuint PeriodMilliseconds = 50;

    // A small program, such as a shell that ends by _exit, is over before the first period is. Its record is
    // written each time the heap grows.
    private const nuint EagerWrites = 32;

    private const nuint Idle = 0, Writing = 1, Finished = 2;

    private static RecordPaths* s_paths;
    private static ReportBuffer s_periodicBuffer;
    private static ReportBuffer s_finalBuffer;
    private static int s_processId;
    private static nuint s_state;
    private static nuint s_due;
    private static nuint s_calls;

    /// <summary>Writes the first record and arranges for the others, if the user asked for them.</summary>
    internal static void Start(HeapState* heap)
    {
        byte* prefix = ProcessEnvironment.Find("QUARRY_STATS"u8);
        if (prefix == null)
        {
            return;
        }

        // Mapped now: the last record must not fail because memory is exhausted.
        RecordPaths* paths = (RecordPaths*)Os.Map((nuint)sizeof(RecordPaths));
        if (paths == null
            || !ReportBuffer.TryMap(out s_periodicBuffer) || !ReportBuffer.TryMap(out s_finalBuffer))
        {
            return;
        }

        s_paths = paths;
        s_processId = Os.ProcessId();
        if (!RecordPaths.TrySet(paths, prefix) || !TryWrite(s_periodicBuffer, final: false))
        {
            ReportFailure(s_periodicBuffer);
            s_processId = 0;
            return;
        }

        heap->OnProgress = &OnProgress;
    }

    /// <summary>Starts the record of a forked child, which has one thread.</summary>
    internal static void StartInChild()
    {
        if (s_processId != 0)
        {
            s_processId = Os.ProcessId();
            s_state = Idle;
            RecordPaths.SetProcess(s_paths);
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

    private static void OnProgress(HeapState* heap)
    {
        nuint now = Os.Milliseconds();
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
    /// Determines whether the calling process has a record. A child of <c>vfork</c> runs in the memory of its
    /// parent, and has none.
    /// </summary>
    private static bool IsRecorded() => s_processId != 0 && s_processId == Os.ProcessId();

    private static bool TryWrite(ReportBuffer buffer, bool final)
    {
        // Periodic records are written from within the heap.
        HeapStatistics heap = final
            ? ProcessStatistics.Read(buffer.Classes)
            : ProcessStatistics.ReadUnsettled(buffer.Classes);
        ProcessMemory memory = ProcessMemory.Read(buffer.Text);
        BoundedText text = new(buffer.Text);
        StatisticsJson.Write(
            ref text, RecordPaths.Program(s_paths), final, memory, heap, buffer.Classes);
        return !text.IsFull && TryReplaceFile(text.Text, final);
    }

    private static bool TryReplaceFile(ReadOnlySpan<byte> record, bool final)
    {
        byte* temporary = RecordPaths.Temporary(s_paths, final);

        // A process that had the same ID may have left one.
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

    private static void ReportFailure(ReportBuffer buffer)
    {
        BoundedText text = new(buffer.Text);
        text.Append("quarry: QUARRY_STATS: cannot write the file '"u8);
        text.AppendString(RecordPaths.File(s_paths));
        text.Append("'; no statistics are recorded\n"u8);
        text.WriteToStandardError();
    }
}
