using System;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>The report of the mode <c>counting</c>, however a program ends.</summary>
public sealed class ReportTests
{
    private const string Totals = "^quarry: [0-9,]+ objects of [0-9,]+ types, [0-9,]+ bytes$";
    private const string Incomplete = "quarry: the census is incomplete: there is no valid object at 0x";
    private const int SignalInterrupt = 2, SignalAbort = 6, SignalTerminate = 15;

    [Fact]
    public void Redirecting_the_console_does_not_redirect_the_report() =>
        AssertTable(Counting("redirected").Start(), expectedExitCode: 0);

    [Theory]
    [InlineData(SignalInterrupt)]
    [InlineData(SignalTerminate)]
    public void A_signal_that_the_program_does_not_handle_does_not_lose_the_report(int signal)
    {
        // A shell that starts the tests in the background has SIGINT ignored, which programs inherit.
        string line = $"exec env --default-signal={signal} $PROBE terminate {signal}";
        AssertTable(Counting(Run.Shell(line).On(Places.Heap)).Start(), 128 + signal);
    }

    [Fact]
    public void A_signal_that_the_program_handles_does_not_cause_the_report()
    {
        Outcome outcome = Counting("handle", $"{SignalTerminate}").Start();
        Assert.Equal("handled\n", outcome.Output);
        AssertTable(outcome, expectedExitCode: 0);
        Assert.Contains(outcome.ErrorLines, line => line.EndsWith("+Late", StringComparison.Ordinal));
    }

    [Fact]
    public void A_signal_that_is_ignored_does_not_lose_the_report()
    {
        Outcome outcome = Counting(
            Run.Shell($"trap '' TERM; $PROBE ignore {SignalTerminate}").On(Places.Heap)).Start();
        Assert.Equal((0, "ignored\n"), (outcome.ExitCode, outcome.Output));
        Assert.Contains(outcome.ErrorLines, line => line.EndsWith("+Late", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("unhandled")]
    [InlineData("fail")]
    [InlineData("fail-while-allocating")]
    [InlineData("overflow-stack")]
    [InlineData("read-nothing")]
    public void A_failure_does_not_lose_the_report(string name) =>
        AssertTable(Counting(name).Start(), 128 + SignalAbort);

    [Fact]
    public void A_failure_does_not_lose_the_totals()
    {
        Outcome outcome = Run.Ours("fail").With("DOTNET_QuarryGCMode", "counting").Start();
        Assert.Equal(128 + SignalAbort, outcome.ExitCode);
        Assert.Matches(Totals, outcome.ErrorLines[^1]);
    }

    [Fact]
    public void A_failure_does_not_lose_the_names_of_a_trace()
    {
        Outcome outcome = Counting("fail").With("DOTNET_QuarryGCMode", "tracing").Start();
        Assert.Equal(128 + SignalAbort, outcome.ExitCode);
        Assert.Single(outcome.ErrorLines, line => line.StartsWith("type 0x", StringComparison.Ordinal)
            && line.EndsWith(" = System.String", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("overwritten")]
    public void A_closed_standard_error_is_ignored(string name)
    {
        Outcome outcome = Counting(Run.Shell($"exec $PROBE {name} 2>&-").On(Places.Heap)).Start();
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
    }

    /// <summary>The state that a thread leaves for an instant when it creates an array.</summary>
    [Fact]
    public void An_array_without_its_length_makes_the_totals_incomplete()
    {
        Outcome outcome = Run.Ours("overwritten").With("DOTNET_QuarryGCMode", "counting").Start();
        Assert.Equal((0, "overwritten\n"), (outcome.ExitCode, outcome.Output));
        Assert.Equal(2, outcome.ErrorLines.Length);
        Assert.StartsWith(Incomplete, outcome.ErrorLines[0], StringComparison.Ordinal);
        Assert.Matches(Totals, outcome.ErrorLines[1]);
    }

    [Fact]
    public void An_array_without_its_length_makes_the_table_incomplete()
    {
        Outcome outcome = Counting("overwritten").Start();
        AssertTable(outcome, expectedExitCode: 0);
        Assert.Single(outcome.ErrorLines, line => line.StartsWith(Incomplete, StringComparison.Ordinal));
    }

    [Fact]
    public void Threads_that_allocate_do_not_disturb_the_totals()
    {
        for (int round = 0; round < 20; round++)
        {
            Outcome outcome = Run.Ours("running").With("DOTNET_QuarryGCMode", "counting").Start();
            Assert.Equal((0, "running\n"), (outcome.ExitCode, outcome.Output));
            Assert.Matches(Totals, Assert.Single(outcome.ErrorLines));
        }
    }

    private static Run Counting(params string[] arguments) => Counting(Run.Ours(arguments));

    private static Run Counting(Run run) =>
        run.With("DOTNET_QuarryGCMode", "counting").With("DOTNET_STARTUP_HOOKS", Places.Hook);

    private static void AssertTable(Outcome outcome, int expectedExitCode)
    {
        Assert.Equal(expectedExitCode, outcome.ExitCode);
        Assert.Matches(Totals, Assert.Single(
            outcome.ErrorLines, line => line.Contains(" objects of ", StringComparison.Ordinal)));
        Assert.Single(
            outcome.ErrorLines, line => line.EndsWith("  System.String", StringComparison.Ordinal));
    }
}
