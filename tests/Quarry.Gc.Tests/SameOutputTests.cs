using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>Programs do the same on Quarry's heap as on the stock collector.</summary>
public sealed class SameOutputTests
{
    private static readonly string[] s_cases =
    [
        "hello", "threads", "churn", "tasks", "locks", "suspension", "exceptions", "linq", "json", "regex",
        "strings", "arrays", "structures", "huge", "contexts", "emit", "handles", "dependent", "weak-table",
        "collect", "collection-count", "compaction", "finalizers", "bytes", "memory-info", "latency",
        "region", "region-callback", "region-callbacks", "pressure", "settings", "ticks", "counters", "web",
    ];

    // Those in which Server GC can differ: its write barriers, and the threads that run.
    private static readonly string[] s_serverCases =
    [
        "hello", "threads", "tasks", "linq", "json", "arrays", "structures", "contexts", "handles",
        "weak-table", "collect", "bytes", "region", "web",
    ];

    private static readonly string[] s_otherCases = ["threads", "tasks", "latency", "contexts"];

    private static readonly string[] s_blockingCases = [.. s_otherCases, "notifications"];

    public static TheoryData<string> Cases => [.. s_cases];

    public static TheoryData<string> ServerCases => [.. s_serverCases];

    public static TheoryData<string> OtherCases => [.. s_otherCases];

    public static TheoryData<string> BlockingCases => [.. s_blockingCases];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Same_output_with_workstation_GC(string name) =>
        Assert.Equal(StockOutput.Of(name), Run.Ours(name).Start().Clean().Output);

    [Theory]
    [MemberData(nameof(ServerCases))]
    public void Same_output_with_server_GC(string name) =>
        Assert.Equal(
            StockOutput.Of(name), Run.Ours(name).With("DOTNET_gcServer", "1").Start().Clean().Output);

    [Theory]
    [MemberData(nameof(BlockingCases))]
    public void Same_output_without_concurrent_collections(string name) => Assert.Equal(
        Run.Stock(name).With("DOTNET_gcConcurrent", "0").Start().Clean().Output,
        Run.Ours(name).With("DOTNET_gcConcurrent", "0").Start().Clean().Output);

    [Theory]
    [MemberData(nameof(OtherCases))]
    public void Same_output_without_tiered_compilation(string name) =>
        Assert.Equal(
            StockOutput.Of(name),
            Run.Ours(name).With("DOTNET_TieredCompilation", "0").Start().Clean().Output);

    [Theory]
    [InlineData("counting")]
    [InlineData("tracing")]
    public void Same_output_in_modes_that_write_reports(string mode) => Assert.Equal(
        StockOutput.Of("linq"), Run.Ours("linq").With("DOTNET_QuarryGCMode", mode).Start().Output);
}
