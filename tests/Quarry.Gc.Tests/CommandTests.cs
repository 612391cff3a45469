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
    [InlineData("collect")]
    public void The_command_sets_up_the_heap(string mode) =>
        Assert.Equal($"True {mode}\n", Quarry(mode, DotNet.Host, Places.Probe, "library").Output);

    [Fact]
    public void Counting_writes_the_table()
    {
        Outcome outcome = Quarry("counting", DotNet.Host, Places.Probe, "hello");
        Assert.Equal((0, "Hello, world\n"), (outcome.ExitCode, outcome.Output));
        Assert.Contains(
            outcome.ErrorLines, line => line.EndsWith("  System.String", StringComparison.Ordinal));
    }

    [Fact]
    public void An_apphost_is_accepted()
    {
        string host = Places.Probe[..^".dll".Length];
        Assert.Equal("Hello, world\n", Quarry("bump", host, "hello").Clean().Output);
    }

    [Fact]
    public void A_program_that_is_not_dotnet_is_rejected()
    {
        Outcome outcome = Quarry("bump", "/bin/ls");
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains("is not a .NET program", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_mode_is_rejected()
    {
        Outcome outcome = Quarry("generational", DotNet.Host, Places.Probe, "hello");
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Equal(
            "quarry: invalid --managed 'generational': expected bump, counting, tracing, collect, null",
            Assert.Single(outcome.ErrorLines));
    }

    private static Outcome Quarry(string mode, params string[] call) =>
        new Run(Places.Quarry, ["run", "--managed", mode, "--", .. call]).Start();
}
