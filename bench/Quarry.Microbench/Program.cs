using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// In this process: the benchmarks of one run share a machine state, and nothing is generated and built.
Job job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly())
    .Run(args, ManualConfig.Create(DefaultConfig.Instance).AddJob(job));
