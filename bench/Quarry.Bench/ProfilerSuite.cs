using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.Output;
using Spectre.Console;

namespace Quarry.Bench;

/// <summary>Measures what profilers cost, on workloads that are real programs.</summary>
internal sealed class ProfilerSuite(
    SuiteFolders folders, SuiteOptions options, IReadOnlyList<string> names, CancellationToken cancellation)
{
    private readonly IAnsiConsole _console = Terminal.Error.CreateConsole();
    private readonly string _folder = Path.Combine(folders.Artifacts, "profiles");

    /// <summary>Runs all, and returns the table as Markdown.</summary>
    internal string Run()
    {
        Directory.CreateDirectory(Path.Combine(folders.Artifacts, "bin"));
        Directory.SetCurrentDirectory(folders.Root);
        new QuietCommand(folders).Run(
            options.Limit, cancellation, "gcc", "-O2", "-o", folders.Measure, folders.MeasureSource);
        IReadOnlyList<Profiler> profilers = Profiler.Select(names, _folder);
        List<ProfilerResult> results = [];
        foreach (Workload workload in options.Select(Workload.ReadAll(folders.Workloads))
            .Where(w => !w.IsSynthetic || options.Only is not null))
        {
            WorkloadRunner runner = new(folders, workload, options.Limit, cancellation);
            string missing = string.Join(", ", runner.MissingTools());
            if (missing.Length == 0)
            {
                results.Add(Run(workload, runner, profilers));
            }
            else
            {
                _console.Write(new Text($"{workload.Name}: skipped: {missing} not found\n"));
            }
        }

        return ProfilerMarkdown.Write(options, profilers, results);
    }

    private ProfilerResult Run(Workload workload, WorkloadRunner runner, IReadOnlyList<Profiler> profilers)
    {
        Dictionary<string, List<double>> times = profilers.ToDictionary(p => p.Name, _ => new List<double>());
        Dictionary<string, string> failures = [];
        int steps = 1 + profilers.Sum(p => int.Min(p.Runs, options.Runs));
        return BenchmarkProgress.Show(_console, steps, step =>
        {
            step($"{workload.Name}: prepare");
            runner.Prepare();
            for (int round = 0; round < options.Runs; round++)
            {
                // Plain runs and profiled ones take turns, so that a slow minute of the machine hurts all.
                foreach (Profiler profiler in profilers
                    .Where(p => round < p.Runs && !failures.ContainsKey(p.Name)))
                {
                    step($"{workload.Name}: {profiler.Name}");
                    Measure(runner, profiler, times[profiler.Name], failures);
                }
            }

            return new ProfilerResult(workload, times, failures);
        });
    }

    private void Measure(
        WorkloadRunner runner, Profiler profiler, List<double> times, Dictionary<string, string> failures)
    {
        Directory.CreateDirectory(_folder);
        try
        {
            times.Add(runner.RunAs(profiler.Start, cancellation).Cpu.TotalSeconds);
        }
        catch (RunFailedException e)
        {
            cancellation.ThrowIfCancellationRequested();
            failures[profiler.Name] = e.Message;
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
