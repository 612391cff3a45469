using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.Output;

namespace Quarry.Bench;

/// <summary>The results as Markdown: a table of time and one of memory.</summary>
internal static class SuiteMarkdown
{
    /// <summary>How far behind the best a figure may be before it is marked.</summary>
    internal const double Tolerance = 1.10;

    internal static string Write(SuiteReport report)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{report.Date} on {report.Machine}.\n\n");
        text.Append(CultureInfo.InvariantCulture,
            $"Medians of {report.Runs} interleaved runs, with the ratio to the best of the row. ");
        text.Append(CultureInfo.InvariantCulture,
            $"**Bold**: the best; ▲: more than {Tolerance - 1:0 %} behind it. Repeat with:\n\n");
        text.Append(CultureInfo.InvariantCulture, $"    {report.RepeatWith}\n\n");
        WriteTable(text, report, "Time", r => r.Wall!, v => Cells.Seconds(v), report.MeanTime);
        WriteTable(text, report, "Peak memory", r => r.Peak!, v => ByteSize.Format(v), report.MeanPeak);
        WriteWorkloads(text, report);
        return text.ToString();
    }

    private static void WriteTable(
        StringBuilder text,
        SuiteReport report,
        string title,
        Func<ContenderResult, Sample> sample,
        Func<double, string> format,
        Func<string, double?> mean)
    {
        string[] names = [.. report.Contenders.Select(c => c.Name)];
        text.Append("### ").Append(title).Append("\n\n");
        Row(text, "workload", names);
        text.Append("|---|");
        text.AppendJoin('|', names.Select(_ => "--:")).Append("|\n");
        foreach (WorkloadResult workload in report.Measured)
        {
            double best = workload.Results.Where(r => r.Failure is null).Min(r => sample(r).Median);
            Row(text, workload.Name, names.Select(n => workload.Of(n) is { } result
                ? Cell(sample(result).Median, best, format)
                : "failed"));
        }

        double?[] means = [.. names.Select(mean)];
        double? least = means.Min();
        Row(text, "**geometric mean of ratios**", means.Select(m => m is { } value
            ? value == least ? $"**{Cells.Ratio(value)}**" : Cells.Ratio(value)
            : Cells.None));
        text.Append('\n');
    }

    private static string Cell(double value, double best, Func<double, string> format)
    {
        double ratio = value / best;
        return ratio == 1 ? $"**{format(value)}**"
            : $"{format(value)} {Cells.Ratio(ratio)}{(ratio > Tolerance ? " ▲" : "")}";
    }

    private static void WriteWorkloads(StringBuilder text, SuiteReport report)
    {
        text.Append("### Workloads\n\n| workload | kind | threads | what it does |\n|---|---|--:|---|\n");
        foreach (WorkloadResult workload in report.Workloads)
        {
            string skipped = workload.Skipped is null ? "" : $" *Skipped: {workload.Skipped}.*";
            string threads = workload.Threads.ToString(CultureInfo.InvariantCulture);
            Row(text, workload.Name, [workload.Kind, threads, workload.About + skipped]);
        }

        string[] failures =
        [
            .. from workload in report.Workloads
               from result in workload.Results
               where result.Failure is not null
               select $"* {workload.Name} on {result.Name} failed: {result.Failure}",
        ];
        if (failures.Length > 0)
        {
            text.Append('\n').AppendJoin('\n', failures).Append('\n');
        }
    }

    private static void Row(StringBuilder text, string name, IEnumerable<string> cells) =>
        text.Append("| ").Append(name).Append(" | ")
            .AppendJoin(" | ", cells.Select(c => c.Replace("|", @"\|", StringComparison.Ordinal)))
            .Append(" |\n");
}
