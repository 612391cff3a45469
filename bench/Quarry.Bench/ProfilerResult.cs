using System.Collections.Generic;
using System.Linq;
using Quarry.Tools.Benchmarking;

namespace Quarry.Bench;

/// <summary>The processor times of one workload, in seconds.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Times">The runs by the name of the profiler, in the order of the rounds.</param>
/// <param name="Failures">What went wrong, by the name of the profiler.</param>
internal sealed record ProfilerResult(
    Workload Workload,
    IReadOnlyDictionary<string, List<double>> Times,
    IReadOnlyDictionary<string, string> Failures)
{
    /// <summary>The median of the ratios to the plain run of the same round; null if it failed.</summary>
    internal double? Ratio(Profiler profiler) =>
        Failures.ContainsKey(profiler.Name) || Failures.ContainsKey(profiler.Baseline!)
            ? null
            : Median([.. Times[profiler.Name].Zip(Times[profiler.Baseline!], (with, plain) => with / plain)]);

    /// <summary>The median time of a plain run.</summary>
    internal double? Plain(string name) =>
        !Failures.ContainsKey(name) && Times.TryGetValue(name, out List<double>? times)
            ? Median(times)
            : null;

    /// <summary>The median; null if there are no values.</summary>
    internal static double? Median(IReadOnlyCollection<double> values) =>
        values.Count == 0 ? null : Sample.MedianOf(values);
}
