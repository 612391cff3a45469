using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;

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
        using Process process = Process.Start(info)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]
            : $"exit code {process.ExitCode}";
    }
}
