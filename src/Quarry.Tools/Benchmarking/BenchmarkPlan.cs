namespace Quarry.Tools.Benchmarking;

/// <summary>How often everyone runs: first unmeasured, then measured.</summary>
internal sealed record BenchmarkPlan(int Runs, int Warmup);
