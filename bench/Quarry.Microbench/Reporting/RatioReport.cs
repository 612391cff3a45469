using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Quarry.Tools.Benchmarking;

namespace Quarry.Microbench.Reporting;

/// <summary>The ratios as Markdown, a table for each class of benchmarks.</summary>
internal sealed class RatioReport(IReadOnlyList<RatioRow> rows)
{
    // More than a tenth, as in the tables of whole programs.
    private const double FarBehind = 1.1;

    private static readonly (double Nanoseconds, string Name)[] s_units =
        [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns")];

    /// <param name="invocation">The command that repeats it.</param>
    /// <param name="marksBehind">Whether to mark ways that are far behind the best of their row.</param>
    internal string ToMarkdown(string invocation, bool marksBehind = false)
    {
        StringBuilder text = new();
        string processor = BenchmarkMachine.ReadProcessor();
        text.Append(CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd} on {processor}, {Environment.ProcessorCount} cores; .NET ");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Environment.Version}. Repeat with:");
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"    {invocation}");
        foreach (IGrouping<string, RatioRow> table in rows.GroupBy(row => Title(row.Type)))
        {
            text.AppendLine().AppendLine($"{(marksBehind ? "####" : "###")} {table.Key}").AppendLine();
            AppendTable(text, [.. table], marksBehind);
        }

        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, RatioRow[] table, bool marksBehind)
    {
        string[] ways = [.. table.SelectMany(row => row.Ways).Distinct()];
        string Mark(RatioRow row, string way) => marksBehind && IsBehind(row, way) ? " ▲" : "";
        text.Append("| |").AppendJoin("|", ways.Select(way => $" {way} ")).AppendLine("|");
        text.Append("|---|").AppendJoin("|", ways.Select(_ => "--:")).AppendLine("|");
        foreach (RatioRow row in table)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Label} |");
            text.AppendJoin(
                "|",
                ways.Select(way => row.Ways.Contains(way) ? $" {Cell(row, way)}{Mark(row, way)} " : " "));
            text.AppendLine("|");
        }
    }

    private static bool IsBehind(RatioRow row, string way) =>
        row.Nanoseconds(way) > FarBehind * row.Ways.Min(other => row.Nanoseconds(other));

    private static string Cell(RatioRow row, string way)
    {
        double nanoseconds = row.Nanoseconds(way);
        (double size, string unit) = s_units.First(
            known => nanoseconds >= known.Nanoseconds || known.Nanoseconds == 1);
        string time = string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / size:G3} {unit}");
        return way == row.Baseline || row.Baseline is null
            ? time
            : string.Create(CultureInfo.InvariantCulture, $"{time} **{row.Ratio(way):0.00}×**");
    }

    private static string Title(Type type)
    {
        string name = type.Name.Split('`')[0].Replace("Benchmarks", "", StringComparison.Ordinal);
        string[] arguments = [.. type.GetGenericArguments().Select(argument => argument.Name)];
        return arguments.Length == 0 ? name : $"{name} of {string.Join(", ", arguments)}";
    }
}
