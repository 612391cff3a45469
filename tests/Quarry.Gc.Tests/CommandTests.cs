using System;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary><c>quarry run --managed</c>.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData("bump")]
    [InlineData("counting")]
    [InlineData("tracing")]
    public void It_sets_the_heap_up(string mode) =>
        Assert.Equal($"True {mode}\n", Quarry(mode, Places.DotNet, Places.Probe, "companion").Output);

    [Fact]
    public void Counting_writes_the_table()
    {
        Outcome outcome = Quarry("counting", Places.DotNet, Places.Probe, "hello");
        Assert.Equal((0, "Hello, world\n"), (outcome.ExitCode, outcome.Output));
        Assert.Contains(
            outcome.ErrorLines, line => line.EndsWith("  System.String", StringComparison.Ordinal));
    }

    [Fact]
    public void An_apphost_is_a_program_of_dotnet()
    {
        string host = Places.Probe[..^".dll".Length];
        Assert.Equal("Hello, world\n", Quarry("bump", host, "hello").Clean().Output);
    }

    [Fact]
    public void Any_other_program_is_refused()
    {
        Outcome outcome = Quarry("bump", "/bin/ls");
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains("is not a .NET program", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_mode_is_refused()
    {
        Outcome outcome = Quarry("generational", Places.DotNet, Places.Probe, "hello");
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Equal("quarry: --managed needs bump, counting, tracing, null, not 'generational'",
            Assert.Single(outcome.ErrorLines));
    }

    private static Outcome Quarry(string mode, params string[] call) =>
        new Run(Places.Quarry, ["run", "--managed", mode, "--", .. call]).Start();
}
