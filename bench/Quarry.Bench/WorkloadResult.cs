using System.Collections.Generic;
using System.Linq;
using Quarry.Tools.Benchmarking;

namespace Quarry.Bench;

/// <summary>The figures of one workload, or the reason why there are none.</summary>
internal sealed record WorkloadResult(
    string Name,
    string Kind,
    string About,
    int Threads,
    string? Skipped,
    IReadOnlyList<ContenderResult> Results)
{
    internal double BestTime => Results.Where(r => r.Failure is null).Min(r => r.Wall!.Median);

    internal double BestPeak => Results.Where(r => r.Failure is null).Min(r => r.Peak!.Median);

    internal ContenderResult? Of(string contender) =>
        Results.FirstOrDefault(r => r.Name == contender && r.Failure is null);

    internal static WorkloadResult Skip(Workload workload, string reason) =>
        new(workload.Name, workload.Kind, workload.About, workload.Threads, reason, []);

    internal static WorkloadResult Of(Workload workload, IReadOnlyList<ContenderResult> results) =>
        new(workload.Name, workload.Kind, workload.About, workload.Threads, null, results);
}
