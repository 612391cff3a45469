using System;
using System.Globalization;
using System.Text;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.Output;

namespace Quarry.Cli.Benchmarking;

/// <summary>The outcome as a Markdown table.</summary>
internal static class BenchmarkMarkdown
{
    internal static string Write(BenchmarkReport report)
    {
        StringBuilder text = new();
        string command = string.Join(' ', report.Command);
        string fence = command.Contains('`', StringComparison.Ordinal) ? "``" : "`";
        text.Append(CultureInfo.InvariantCulture,
            $"{fence}{command}{fence}: medians of {report.Runs} interleaved runs, ");
        text.Append(CultureInfo.InvariantCulture, $"ratios to {report.Baseline}.\n\n");
        text.Append("| allocator | time | least | spread | ratio | CPU | ratio | peak memory | ratio |\n");
        text.Append("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        foreach (ContenderResult result in report.Results)
        {
            string[] cells = result.Failure is { } failure
                ? [Escape(result.Name), "failed: " + Escape(failure), "", "", "", "", "", "", ""]
                :
                [
                    Escape(result.Name),
                    Cells.Seconds(result.Wall!.Median),
                    Cells.Seconds(result.Wall.Minimum),
                    Cells.Spread(result.Wall),
                    Cells.Ratio(report.WallRatio(result)),
                    Cells.Seconds(result.Cpu!.Median),
                    Cells.Ratio(report.CpuRatio(result)),
                    ByteSize.Format(result.Peak!.Median),
                    Cells.Ratio(report.PeakRatio(result)),
                ];
            text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        }

        return text.ToString();
    }

    private static string Escape(string text) => text.Replace("|", @"\|", StringComparison.Ordinal);
}
