using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Quarry.Tools.Benchmarking;

namespace Quarry.Bench;

/// <summary>The cost of profilers as Markdown.</summary>
internal static class ProfilerMarkdown
{
    internal static string Write(
        SuiteOptions options, IReadOnlyList<Profiler> profilers, IReadOnlyList<ProfilerResult> results)
    {
        Profiler[] columns = [.. profilers.Where(p => p.Baseline is not null)];
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd} on {BenchmarkMachine.Describe([])}\n\n");
        text.Append("Processor time, user and system, of a program under a profiler, divided by that of ");
        text.Append("the plain program on the same allocator in the same round: the median of ");
        text.Append(CultureInfo.InvariantCulture, $"{options.Runs} rounds, ");
        text.Append("of one round for heaptrack and DHAT. Repeat with:\n\n");
        text.Append(CultureInfo.InvariantCulture, $"    {options.RepeatWith}\n\n");
        Row(text, "program", ["plain", .. columns.Select(p => p.Name)]);
        text.Append("|---|").AppendJoin('|', columns.Select(_ => "--:")).Append("|--:|\n");
        foreach (ProfilerResult result in results)
        {
            double? plain = result.Plain(Profiler.Off) ?? result.Plain(Profiler.Libc);
            Row(text, result.Workload.Name,
            [
                plain is { } seconds ? Cells.Seconds(seconds) : "failed",
                .. columns.Select(p => Ratio(result.Ratio(p))),
            ]);
        }

        Row(text, "**median**",
            ["", .. columns.Select(p => $"**{Ratio(Median(results, p))}**")]);
        string[] failures =
        [
            .. from result in results
               from failure in result.Failures
               select $"* {result.Workload.Name}, {failure.Key}: {failure.Value}",
        ];
        if (failures.Length > 0)
        {
            text.Append("\nFailed:\n\n").AppendJoin('\n', failures).Append('\n');
        }

        return text.ToString();
    }

    private static double? Median(IReadOnlyList<ProfilerResult> results, Profiler profiler) =>
        ProfilerResult.Median([.. results.Select(r => r.Ratio(profiler)).OfType<double>()]);

    private static string Ratio(double? ratio) => ratio is { } value
        ? value.ToString(value < 10 ? "0.00" : "0", CultureInfo.InvariantCulture)
        : "failed";

    private static void Row(StringBuilder text, string name, IEnumerable<string> cells) =>
        text.Append("| ").Append(name).Append(" | ").AppendJoin(" | ", cells).Append(" |\n");
}
