using System;
using System.Collections.Generic;
using System.Linq;
using Quarry.Tools.Benchmarking;

namespace Quarry.Bench;

/// <summary>Everything that was measured, where, and how to do it again.</summary>
internal sealed record SuiteReport(
    string Date,
    string RepeatWith,
    int Runs,
    BenchmarkMachine Machine,
    IReadOnlyList<Contender> Contenders,
    IReadOnlyList<WorkloadResult> Workloads)
{
    /// <summary>The workloads that someone ended well in.</summary>
    internal IEnumerable<WorkloadResult> Measured =>
        Workloads.Where(w => w.Results.Any(r => r.Failure is null));

    /// <summary>
    /// The geometric mean of a contender's times, each as a ratio to the best of that workload.
    /// </summary>
    internal double? MeanTime(string contender) => Mean(contender, r => r.Wall!.Median);

    /// <summary>The same of its peaks.</summary>
    internal double? MeanPeak(string contender) => Mean(contender, r => r.Peak!.Median);

    /// <summary>
    /// Over the workloads that everyone ended well in: a mean that leaves out what one could not do
    /// compares nothing.
    /// </summary>
    private double? Mean(string contender, Func<ContenderResult, double> figure)
    {
        WorkloadResult[] common = [.. Measured.Where(w => w.Results.All(r => r.Failure is null))];
        return common.Length == 0
            ? null
            : Sample.GeometricMean(common.Select(w => figure(w.Of(contender)!) / w.Results.Min(figure)));
    }
}
