using System.Collections.Generic;
using System.Linq;
using Quarry.Tools.Allocators;
using Quarry.Tools.Benchmarking;

namespace Quarry.Cli.Benchmarking;

/// <summary>The outcome of a benchmark of one program.</summary>
internal sealed record BenchmarkReport
{
    public required IReadOnlyList<string> Command { get; init; }

    public required int Runs { get; init; }

    public required int Warmup { get; init; }

    /// <summary>Whom the ratios refer to; null when no one ended well.</summary>
    public string? Baseline => BaselineResult?.Name;

    public required IReadOnlyList<ContenderResult> Results { get; init; }

    /// <summary>
    /// The C library's own allocator if it took part, otherwise the first that did not fail.
    /// </summary>
    private ContenderResult? BaselineResult =>
        Results.FirstOrDefault(r => r.Failure is null && r.Name == Allocator.Libc) ??
        Results.FirstOrDefault(r => r.Failure is null);

    internal double WallRatio(ContenderResult result) => result.Wall!.Median / BaselineResult!.Wall!.Median;

    internal double PeakRatio(ContenderResult result) => result.Peak!.Median / BaselineResult!.Peak!.Median;

    /// <summary>A program too short for the kernel's clock has no CPU time to compare.</summary>
    internal double? CpuRatio(ContenderResult result) =>
        BaselineResult!.Cpu!.Median > 0 ? result.Cpu!.Median / BaselineResult.Cpu.Median : null;
}
