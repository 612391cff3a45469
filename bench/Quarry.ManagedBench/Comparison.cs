using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.Output;
using Quarry.Tools.Running;

namespace Quarry.ManagedBench;

/// <summary>Runs the workloads on each heap in turn, and formats the results as a table.</summary>
internal sealed class Comparison(IReadOnlyList<Heap> heaps, int runs)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly StringBuilder _text = new();

    // For each heap after the stock collector, the ratios of all workloads.
    private readonly List<double>[] _cpu = [.. heaps.Skip(1).Select(_ => new List<double>())];
    private readonly List<double>[] _peak = [.. heaps.Skip(1).Select(_ => new List<double>())];

    internal string Run(IEnumerable<string> names, CancellationToken cancellation)
    {
        AppendHeader();
        foreach (string name in names)
        {
            Contender[] contenders = [.. heaps.Select(heap => new Contender(heap.Name, Library: null))];
            InterleavedRunner runner = new(contenders, (contender, stop) => Launch(name, contender, stop));
            List<ContenderResult> results = runner.Run(
                new BenchmarkPlan(runs, Warmup: 1),
                heap => Console.Error.WriteLine($"{name} on {heap.Name}"),
                cancellation);
            Append(name, results);
        }

        AppendMeans();
        return _text.ToString();
    }

    private void AppendHeader()
    {
        BenchmarkMachine machine =
            BenchmarkMachine.Describe([]) with { Libraries = [$".NET {Environment.Version}"] };
        _text.Append(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd} on {machine}. ");
        _text.Append(CultureInfo.InvariantCulture,
            $"Medians of {runs} interleaved runs; CPU and peak as ratios to `stock`.\n\n");
        _text.Append("| workload | CPU, peak of `stock` ");
        _text.AppendJoin("", heaps.Skip(1).Select(heap => $"| `{heap.Name}` "));
        _text.Append("|\n|---|--:").AppendJoin("", heaps.Skip(1).Select(_ => "|--:")).Append("|\n");
    }

    private Measurement Launch(string name, Contender contender, CancellationToken cancellation)
    {
        Heap heap = heaps.Single(one => one.Name == contender.Name);
        ProgramCall call = ProgramCall.Of(
            ["env", .. heap.Arguments, Environment.ProcessPath!, "work", name]);

        // Nothing is preloaded: the environment has the path of the heap.
        return new GatedLauncher(call, s_limit, showOutput: false).Run(contender, cancellation);
    }

    private void Append(string name, List<ContenderResult> results)
    {
        _text.Append(CultureInfo.InvariantCulture, $"| `{name}` | ");
        ContenderResult stock = results[0];
        _text.Append(stock.Failure
            ?? $"{Cells.Seconds(stock.Cpu!.Median)}, {ByteSize.Format(stock.Peak!.Median)}");
        for (int index = 1; index < results.Count; index++)
        {
            ContenderResult result = results[index];
            if ((stock.Failure ?? result.Failure) is { } failure)
            {
                _text.Append(CultureInfo.InvariantCulture, $" | {failure}");
                continue;
            }

            double cpu = result.Cpu!.Median / stock.Cpu!.Median;
            double peak = result.Peak!.Median / stock.Peak!.Median;
            _cpu[index - 1].Add(cpu);
            _peak[index - 1].Add(peak);
            _text.Append(CultureInfo.InvariantCulture, $" | {cpu:0.00}, {peak:0.00}");
        }

        _text.Append(" |\n");
    }

    private void AppendMeans()
    {
        _text.Append("| geometric mean |");
        for (int index = 0; index < _cpu.Length; index++)
        {
            _text.Append(
                CultureInfo.InvariantCulture, $" | {Mean(_cpu[index]):0.00}, {Mean(_peak[index]):0.00}");
        }

        _text.Append(" |\n");
    }

    private static double Mean(List<double> ratios) =>
        ratios.Count == 0 ? double.NaN : Sample.GeometricMean(ratios);
}
