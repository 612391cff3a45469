using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;
using Quarry.Tools.Running;

namespace Quarry.ManagedBench;

/// <summary>Runs each workload once on each heap, and formats its pauses as a table.</summary>
internal static class PauseTable
{
    internal static string Create(IEnumerable<string> names, IReadOnlyList<Heap> heaps)
    {
        StringBuilder text = new("Pauses: number, median, 99th percentile, maximum.\n\n| workload ");
        text.AppendJoin("", heaps.Select(heap => $"| `{heap.Name}` ")).Append("|\n|---");
        text.AppendJoin("", heaps.Select(_ => "|--:")).Append("|\n");
        foreach (string name in names)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{name}` ");
            text.AppendJoin("", heaps.Select(heap => $"| {Measure(name, heap)} ")).Append("|\n");
        }

        return text.ToString();
    }

    private static string Measure(string name, Heap heap)
    {
        ProcessStartInfo info = new("env", [.. heap.Arguments, Environment.ProcessPath!, "pauses", name])
        {
            RedirectStandardOutput = true,
        };
        ProgramOutput read = ProgramOutput.Read(info);
        return read.ExitCode == 0
            ? read.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]
            : $"exit code {read.ExitCode}";
    }
}
