using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Quarry.Microbench.Reporting;

/// <summary>How benchmarks are run: in this process, so that nothing is generated and built.</summary>
internal static class Configurations
{
    private static Job InProcess => Job.Default.WithToolchain(InProcessEmitToolchain.Instance);

    internal static IConfig Thorough => ManualConfig.Create(DefaultConfig.Instance)
        .AddJob(InProcess.WithWarmupCount(3).WithIterationCount(5));

    /// <summary>
    /// Short, as there are many rounds: a slow moment of the machine then hurts one of them, and the median
    /// of the ratios does not see it. The warm-up is what the second tier of the JIT needs, also on a machine
    /// that does other things.
    /// </summary>
    internal static IConfig Quick => ManualConfig.CreateEmpty()
        .AddJob(InProcess.WithWarmupCount(20).WithIterationCount(6)
            .WithIterationTime(TimeInterval.FromMilliseconds(80)))
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(NullLogger.Instance);
}
