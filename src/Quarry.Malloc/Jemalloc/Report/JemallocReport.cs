using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>jemalloc's report, <c>malloc_stats_print</c>.</summary>
internal static unsafe class JemallocReport
{
    private const int StackDistance = 1024;

    /// <summary>Writes the report at exit if the option <c>stats_print</c> is set.</summary>
    [RuntimeExport("quarry_report_at_exit")]
    internal static void AtExit()
    {
        if (JemallocOptions.PrintsStatistics)
        {
            Write(null, null, JemallocOptions.Letters);
        }
    }

    /// <summary>Refreshes the statistics and writes them.</summary>
    /// <param name="write">
    /// <c>void write(void* argument, const char* text)</c>, called with zero-terminated pieces; null for
    /// standard error.
    /// </param>
    /// <param name="argument">The first argument of the function.</param>
    /// <param name="letters">
    /// The letters that select parts, see <see cref="ReportParts"/>; may be null.
    /// </param>
    [RuntimeExport("quarry_malloc_stats_print")]
    internal static void Write(void* write, void* argument, byte* letters)
    {
        _ = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (!Snapshots.Refresh() || !ReportWriter.TryCreate(write, argument, out ReportWriter writer))
        {
            return;
        }

        Write(ref writer, letters);
        _ = writer.End();
    }

    /// <summary>
    /// Writes the report of the option <c>stats_interval</c> inside a slow path of the heap, unless the
    /// caller is changing arenas or their statistics.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void AtInterval()
    {
        // The program's function may allocate, as a signal handler may in the middle of a slow path, if its
        // frames are as far from the slow path as those of a handler. See ThreadLifetime.TryEnter.
        byte* distance = stackalloc byte[StackDistance];
        Memory.Clear(distance, 1);
        if (Snapshots.TryRefresh() && ReportWriter.TryCreate(null, null, out ReportWriter writer))
        {
            Write(ref writer, JemallocOptions.IntervalLetters);
            _ = writer.End();
        }
    }

    /// <summary>Writes the report to a new file, inside a slow path of the heap.</summary>
    /// <param name="path">The path, zero-terminated.</param>
    /// <param name="letters">The letters that select parts.</param>
    /// <returns>0, or the negated error number.</returns>
    internal static nint TryWriteFile(byte* path, byte* letters)
    {
        if (!Snapshots.TryRefresh())
        {
            return Profiler.Busy;
        }

        nint descriptor = OsFileMapping.Create(path);
        if (descriptor < 0)
        {
            return descriptor;
        }

        bool written = ReportWriter.TryCreate((int)descriptor, out ReportWriter writer);
        if (written)
        {
            Write(ref writer, letters);
            written = writer.End();
        }

        Os.Linux.Close(descriptor);
        if (written)
        {
            return 0;
        }

        OsFile.Delete(path);
        return ProfileFile.NoSpace;
    }

    private static void Write(ref ReportWriter writer, byte* letters)
    {
        ReportParts parts = new(CText.Span(letters));
        if (parts.IsJson)
        {
            JsonReport.Write(ref writer, parts);
        }
        else
        {
            TextReport.Write(ref writer, parts);
        }
    }
}
