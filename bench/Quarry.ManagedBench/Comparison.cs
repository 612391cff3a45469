using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Threading;
using Quarry.Bench;
using Quarry.Cli.Allocators;
using Quarry.Cli.Benchmarking;
using Quarry.Cli.Output;
using Quarry.Cli.Running;

namespace Quarry.ManagedBench;

/// <summary>Runs the workloads on both heaps in turn, and formats the results as a table.</summary>
internal static class Comparison
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private static readonly Contender s_stock = new("stock", Library: null);

    private static readonly Contender s_ours = new("quarry", NativeFolder.Get("libquarrygc.so"));

    internal static string Run(IEnumerable<string> names, int runs, CancellationToken cancellation)
    {
        StringBuilder text = new();
        Machine machine = Machine.Describe([]) with { Libraries = [$".NET {Environment.Version}"] };
        text.Append(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd} on {machine}. ");
        text.Append(CultureInfo.InvariantCulture,
            $"Times are the shortest of {runs} interleaved runs, peaks are medians.\n\n");
        text.Append("| workload | time, stock | quarry | ratio | CPU, stock | quarry | ratio ");
        text.Append("| peak, stock | quarry |\n");
        text.Append("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        foreach (string name in names)
        {
            InterleavedRunner runner = new([s_stock, s_ours], (heap, stop) => Launch(name, heap, stop));
            List<ContenderResult> results = runner.Run(
                new BenchmarkPlan(runs, Warmup: 1),
                heap => Console.Error.WriteLine($"{name} on {heap.Name}"),
                cancellation);
            Append(text, name, results[0], results[1]);
        }

        return text.ToString();
    }

    private static Measurement Launch(string name, Contender heap, CancellationToken cancellation)
    {
        string setting = heap.Library is null ? "-uDOTNET_GCPath" : $"DOTNET_GCPath={heap.Library}";
        ProgramCall call = ProgramCall.Of("env", setting, Environment.ProcessPath!, "work", name);

        // Nothing is preloaded: the environment has the path of the heap.
        return new GatedLauncher(call, s_limit, showOutput: false).Run(s_stock, cancellation);
    }

    private static void Append(StringBuilder text, string name, ContenderResult stock, ContenderResult ours)
    {
        if ((stock.Failure ?? ours.Failure) is { } failure)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {failure} |\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {Times(stock.Wall!, ours.Wall!)} | ");
        text.Append(CultureInfo.InvariantCulture, $"{Times(stock.Cpu!, ours.Cpu!)} | ");
        text.Append(CultureInfo.InvariantCulture,
            $"{ByteSize.Format(stock.Peak!.Median)} | {ByteSize.Format(ours.Peak!.Median)} |\n");
    }

    // The minimum: other load on the machine can only add to a time.
    private static string Times(Sample stock, Sample ours) => string.Join(" | ",
        Cells.Seconds(stock.Minimum), Cells.Seconds(ours.Minimum), Cells.Ratio(ours.Minimum / stock.Minimum));
}
