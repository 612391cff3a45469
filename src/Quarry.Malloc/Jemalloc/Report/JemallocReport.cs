using System.Runtime;

namespace Quarry.Malloc;

/// <summary>jemalloc's report, <c>malloc_stats_print</c>.</summary>
internal static unsafe class JemallocReport
{
    /// <summary>Writes the report at exit if the option <c>stats_print</c> is set.</summary>
    [RuntimeExport("quarry_report_at_exit")]
    internal static void AtExit()
    {
        if (JemallocOptions.PrintsStatistics)
        {
            Write(null, null, JemallocOptions.ReportLetters);
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

        ReportParts parts = new(CText.Span(letters));
        if (parts.IsJson)
        {
            JsonReport.Write(ref writer, parts);
        }
        else
        {
            TextReport.Write(ref writer, parts);
        }

        writer.End();
    }
}
