using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading;
using Quarry.Tools;
using Quarry.Tools.CommandLine;
using Quarry.Tools.Output;

namespace Quarry.ManagedBench;

/// <summary>Compares the stock collector and Quarry's heaps, and prints or updates the table.</summary>
internal static class Program
{
    private const string Section = "results";

    private static readonly Option<int> s_runs = Options.Number("--runs", 7, 1, "Runs on each heap (7).");

    private static readonly Option<string> s_only = Options.Text("--only", "A,B,...", "Workloads by name.");

    private static readonly Option<string> s_heaps = Options.Text(
        "--heaps", "A,B,...", "Heaps to compare with the stock collector.");

    private static readonly Option<bool> s_pauses =
        new("--pauses") { Description = "Measure pauses, one run each, instead of CPU and memory." };

    private static readonly Option<string> s_output =
        Options.Text("--output", "FILE", "The document to write into; without it, the table is printed.");

    private static int Main(string[] words)
    {
        if (words is ["work", string name])
        {
            Workloads.All[name]();
            return 0;
        }

        if (words is ["pauses", string observed])
        {
            PauseListener.Run(Workloads.All[observed]);
            return 0;
        }

        RootCommand root = new("Compares the modes of libquarrygc.so with the stock collector, interleaved.")
        {
            s_runs,
            s_only,
            s_heaps,
            s_pauses,
            s_output,
        };
        root.SetAction(Compare);
        try
        {
            InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false };
            return root.Parse(words).Invoke(configuration);
        }
        catch (QuarryException e)
        {
            Console.Error.WriteLine($"quarry: {e.Message}");
            return 1;
        }
    }

    private static void Compare(ParseResult parsed)
    {
        string[] names = parsed.GetValue(s_only) is { } only ? only.Split(',') : [.. Workloads.All.Keys];
        if (names.FirstOrDefault(name => !Workloads.All.ContainsKey(name)) is { } unknown)
        {
            throw new QuarryException(
                $"no workload '{unknown}'; there are {string.Join(", ", Workloads.All.Keys)}");
        }

        IReadOnlyList<Heap> heaps = Heap.Parse(parsed.GetValue(s_heaps));
        string table = parsed.GetValue(s_pauses)
            ? PauseTable.Create(names, heaps)
            : new Comparison(heaps, parsed.GetValue(s_runs)).Run(names, CancellationToken.None);
        if (parsed.GetValue(s_output) is { } file)
        {
            MarkedSection.Replace(file, Section, table);
        }
        else
        {
            Console.Write(table);
        }
    }
}
