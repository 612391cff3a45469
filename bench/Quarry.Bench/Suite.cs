using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Quarry.Tools.Allocators;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.Output;
using Spectre.Console;

namespace Quarry.Bench;

/// <summary>Runs the workloads one after another and tells of each when it is done.</summary>
internal sealed class Suite(SuiteFolders folders, SuiteOptions options, CancellationToken cancellation)
{
    private readonly IAnsiConsole _console = Terminal.Error.CreateConsole();

    internal SuiteReport Run()
    {
        Directory.CreateDirectory(Path.Combine(folders.Artifacts, "bin"));
        Directory.SetCurrentDirectory(folders.Root);
        new QuietCommand(folders).Run(
            options.Limit, cancellation, "gcc", "-O2", "-o", folders.Measure, folders.MeasureSource);

        List<Allocator> allocators = options.Allocators is null
            ? AllocatorCatalog.FindAll()
            : [.. options.Allocators.Select(AllocatorCatalog.Resolve)];
        Contender[] contenders = [.. allocators.Select(a => new Contender(a.Name, a.Library))];
        List<WorkloadResult> results = [];
        foreach (Workload workload in options.Select(Workload.ReadAll(folders.Workloads)))
        {
            WorkloadResult result = Run(workload, contenders);
            results.Add(result);
            _console.Write(new Text(Summary(result) + "\n"));
        }

        return new SuiteReport(
            DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            options.RepeatWith,
            options.Runs,
            BenchmarkMachine.Describe(allocators),
            contenders,
            results);
    }

    private WorkloadResult Run(Workload workload, Contender[] contenders)
    {
        WorkloadRunner runner = new(folders, workload, options.Limit, cancellation);
        long highestPeak = 0;
        string missing = string.Join(", ", runner.MissingTools());
        if (missing.Length > 0)
        {
            return WorkloadResult.Skip(workload, missing + " not found");
        }

        try
        {
            return BenchmarkProgress.Show(_console, 1 + (options.Runs * contenders.Length), step =>
            {
                step($"{workload.Name}: prepare");
                runner.Prepare();
                return WorkloadResult.Of(workload, new InterleavedRunner(contenders, RunOnTouchedMemory).Run(
                    new BenchmarkPlan(options.Runs, Warmup: 0),
                    c => step($"{workload.Name}: {c.Name}"),
                    cancellation));
            });
        }
        catch (RunFailedException e)
        {
            cancellation.ThrowIfCancellationRequested();
            return WorkloadResult.Skip(workload, "it does not run: " + e.Message);
        }

        Measurement RunOnTouchedMemory(Contender contender, CancellationToken stop)
        {
            TouchedMemory.Prepare((nuint)highestPeak);
            Measurement measurement = runner.Run(contender, stop);
            highestPeak = Math.Max(highestPeak, measurement.Peak);
            return measurement;
        }
    }

    private static string Summary(WorkloadResult result) => result.Skipped is { } reason
        ? $"{result.Name}: skipped: {reason}"
        : $"{result.Name}: " + string.Join(", ", result.Results.Select(r => r.Failure is { } failure
            ? $"{r.Name} failed ({failure})"
            : $"{r.Name} {Cells.Seconds(r.Wall!.Median)} {ByteSize.Format(r.Peak!.Median)}"));
}
