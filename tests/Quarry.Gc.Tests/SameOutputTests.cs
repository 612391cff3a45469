using System.Collections.Concurrent;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>Programs do on our heap what they do on the stock collector.</summary>
public sealed class SameOutputTests
{
    private static readonly string[] s_cases =
    [
        "hello", "threads", "churn", "tasks", "locks", "suspension", "exceptions", "linq", "json", "regex",
        "strings", "arrays", "structures", "huge", "contexts", "emit", "handles", "dependent", "weak-table",
        "collect", "finalizers", "bytes", "memory-info", "latency", "region", "region-callback", "pressure",
        "settings", "ticks", "counters", "web",
    ];

    // What the server's collector differs in for us: its write barriers, and which threads run at all.
    private static readonly string[] s_serverCases =
    [
        "hello", "threads", "tasks", "linq", "json", "arrays", "structures", "contexts", "handles",
        "weak-table", "collect", "bytes", "region", "web",
    ];

    private static readonly string[] s_otherCases = ["threads", "tasks", "latency", "contexts"];

    private static readonly ConcurrentDictionary<string, string> s_expected = [];

    public static TheoryData<string> Cases => [.. s_cases];

    public static TheoryData<string> ServerCases => [.. s_serverCases];

    public static TheoryData<string> OtherCases => [.. s_otherCases];

    [Theory]
    [MemberData(nameof(Cases))]
    public void As_a_workstation(string name) =>
        Assert.Equal(Expected(name), Run.Ours(name).Start().Clean().Output);

    [Theory]
    [MemberData(nameof(ServerCases))]
    public void As_a_server(string name) =>
        Assert.Equal(Expected(name), Run.Ours(name).With("DOTNET_gcServer", "1").Start().Clean().Output);

    [Theory]
    [MemberData(nameof(OtherCases))]
    public void Without_concurrent_collections(string name) =>
        Assert.Equal(Expected(name), Run.Ours(name).With("DOTNET_gcConcurrent", "0").Start().Clean().Output);

    [Theory]
    [MemberData(nameof(OtherCases))]
    public void Without_tiers_of_compilation(string name) =>
        Assert.Equal(
            Expected(name), Run.Ours(name).With("DOTNET_TieredCompilation", "0").Start().Clean().Output);

    [Theory]
    [InlineData("counting")]
    [InlineData("tracing")]
    public void In_the_modes_that_say_more(string mode) => Assert.Equal(
        Expected("linq"), Run.Ours("linq").With("DOTNET_QuarryGCMode", mode).Start().Output);

    private static string Expected(string name) => s_expected.GetOrAdd(name, static one =>
    {
        string output = Run.Stock(one).Start().Clean().Output;
        Assert.NotEqual("", output);
        return output;
    });
}
