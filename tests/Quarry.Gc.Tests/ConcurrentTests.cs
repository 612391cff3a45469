using System;
using System.Linq;
using System.Text.RegularExpressions;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>
/// The mode <c>collect</c> with full collections that mark while threads run. In most tests, such a
/// collection begins as soon as the previous one has ended, after 64 or 256 KiB.
/// </summary>
public sealed class ConcurrentTests
{
    // Marking always, and: nothing, the verifier, a small mark stack, several threads, late sweeps, all; then
    // the same with young collections of which every other one takes all objects for live.
    private const string Always = "10", Verify = "11", VerifyWithSmallStack = "13", VerifyWithThreads = "15",
        VerifyWithLateSweep = "19", VerifyWithAll = "1f", Promote = "30", VerifyPromotions = "31",
        VerifyPromotionsWithAll = "3f";

    [Theory]
    [InlineData("1", "60", Budgets.Small, Always)]
    [InlineData("1000", "20", Budgets.Tiny, Always)]
    [InlineData("1100", "12", Budgets.Tiny, Verify)]
    [InlineData("1200", "12", Budgets.Small, Verify)]
    [InlineData("1300", "6", Budgets.Small, VerifyWithSmallStack)]
    [InlineData("1400", "8", Budgets.Small, VerifyWithThreads)]
    [InlineData("1500", "8", Budgets.Small, VerifyWithLateSweep)]
    [InlineData("1600", "3", Budgets.Small, VerifyWithAll)]
    [InlineData("1700", "30", Budgets.Tiny, Promote)]
    [InlineData("1800", "12", Budgets.Small, VerifyPromotions)]
    [InlineData("1900", "3", Budgets.Small, VerifyPromotionsWithAll)]
    public void The_same_objects_live_as_with_the_stock_collector(
        string seed, string count, string budget, string verify)
    {
        string expected = StockOutput.OfGraphs(seed, count);
        Assert.Equal(expected, Marking(budget, verify, "graphs", seed, count).Start().Clean().Output);
    }

    [Theory]
    [InlineData("mutators", Always)]
    [InlineData("mutators", Verify)]
    [InlineData("mutators", VerifyWithThreads)]
    [InlineData("mutators", VerifyWithLateSweep)]
    [InlineData("mutators", VerifyPromotions)]
    [InlineData("swaps", Promote)]
    [InlineData("unloaded", VerifyPromotions)]
    [InlineData("contexts", VerifyPromotions)]
    [InlineData("finalizers", VerifyPromotions)]
    [InlineData("web", Promote)]
    [InlineData("swaps", Always)]
    [InlineData("swaps", Verify)]
    [InlineData("interior", Verify)]
    [InlineData("deep", Verify)]
    [InlineData("deep", VerifyWithSmallStack)]
    [InlineData("recursion", Verify)]
    [InlineData("sync-blocks", Verify)]
    [InlineData("order", Verify)]
    [InlineData("files", Verify)]
    [InlineData("unloaded", Verify)]
    [InlineData("huge", Always)]
    [InlineData("numbers", Always)]
    [InlineData("threads", Always)]
    [InlineData("tasks", Verify)]
    [InlineData("structures", Verify)]
    [InlineData("contexts", Verify)]
    [InlineData("emit", Verify)]
    [InlineData("handles", Verify)]
    [InlineData("dependent", Verify)]
    [InlineData("weak-table", Verify)]
    [InlineData("collect", Verify)]
    [InlineData("finalizers", Verify)]
    [InlineData("bytes", Always)]
    [InlineData("memory-info", Always)]
    [InlineData("json", Always)]
    [InlineData("web", Always)]
    public void Same_result_as_with_the_stock_collector(string name, string verify) => Assert.Equal(
        StockOutput.Of(name), Marking(Budgets.Moderate, verify, name).Start().Clean().Output);

    [Theory]
    [InlineData("many-handles", "200000", Verify)]
    [InlineData("many-sync-blocks", "50000", Verify)]
    [InlineData("many-threads", "3000", Always)]
    [InlineData("many-contexts", "50", Always)]
    public void Same_result_with_many(string name, string count, string verify) => Assert.Equal(
        StockOutput.Of(name, count), Marking(Budgets.Moderate, verify, name, count).Start().Clean().Output);

    [Theory]
    [InlineData("web")]
    [InlineData("mutators")]
    public void Same_output_with_the_write_barriers_of_server_GC(string name) => Assert.Equal(
        StockOutput.Of(name),
        Marking(Budgets.Small, Always, name).With("DOTNET_gcServer", "1").Start().Clean().Output);

    // How long marking takes depends on what else runs, and so does the memory, up to the size at which the
    // collection ends in a pause. What dies in 100 rounds is ten times as much.
    [Fact]
    public void The_memory_of_a_program_that_runs_for_long_does_not_grow() =>
        Assert.Equal("flat\n", Marking(null, "0", "flat", "cache", "100", "60").Start().Clean().Output);

    [Theory]
    [InlineData("garbage", "collected\n")]
    [InlineData("full-twice", "continued\n")]
    public void An_exception_is_thrown_only_if_live_objects_fill_the_heap(string name, string output)
    {
        Outcome outcome = Marking(null, Verify, name).With("DOTNET_GCHeapHardLimit", "4000000").Start();
        Assert.Equal((0, output), (outcome.ExitCode, outcome.Output));
    }

    [Theory]
    [InlineData("mutators", Budgets.Small, Always)]
    [InlineData("swaps", Budgets.Moderate, Always)]
    [InlineData("mutators", Budgets.Tiny, Verify)]
    [InlineData("many-handles 200000", Budgets.Moderate, Always)]
    public void Full_collections_mark_while_threads_run(string program, string budget, string verify)
    {
        Outcome outcome = Marking(budget, verify, program.Split(' '))
            .With("DOTNET_QuarryGCTrace", "1").Start();
        Assert.Equal(0, outcome.ExitCode);
        int full = outcome.ErrorLines.Count(
            line => line.Contains(" of generation 2: ", StringComparison.Ordinal));
        Match[] marks = [.. outcome.ErrorLines
            .Select(line => Regex.Match(
                line, @"^quarry: mark before collection \d+: \d+ us, marked (\d+) KiB, (in)?complete$"))
            .Where(match => match.Success)];
        Assert.True(marks.Length > 10, outcome.Errors);
        Assert.InRange(full, marks.Length, int.MaxValue);
        Assert.Contains(marks, match => !match.Groups[2].Success && match.Groups[1].Value != "0");
    }

    [Theory]
    [InlineData("batch", "1")]
    [InlineData("mutators", "0")]
    public void Full_collections_mark_in_pauses_if_the_program_asks_for_it(string program, string concurrent)
    {
        Outcome outcome = Marking(Budgets.Small, Always, program)
            .With("DOTNET_gcConcurrent", concurrent).With("DOTNET_QuarryGCTrace", "1").Start();
        Assert.Equal((0, "changed\n"), (outcome.ExitCode, outcome.Output));
        Assert.Contains(" of generation 2: ", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("quarry: mark before collection", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Full_collections_of_large_heaps_mark_while_threads_run()
    {
        Outcome outcome = Marking(null, "0", "list").With("DOTNET_QuarryGCTrace", "1").Start();
        Assert.Equal((0, "10000000\n"), (outcome.ExitCode, outcome.Output));
        string[] full = [.. outcome.ErrorLines.Where(
            line => line.Contains(" of generation 2: ", StringComparison.Ordinal)
                || line.StartsWith("quarry: mark before collection ", StringComparison.Ordinal))];

        // The first one is short, as little is alive.
        Assert.StartsWith("quarry: collection ", full[0], StringComparison.Ordinal);
        Assert.Contains(full, line => line.StartsWith("quarry: mark", StringComparison.Ordinal));
    }

    [Fact]
    public void A_full_collection_ends_in_a_program_that_no_longer_allocates() =>
        Assert.Equal("True\n", Marking(Budgets.Small, Always, "idle").Start().Clean().Output);

    [Fact]
    public void The_compiler_writes_the_same_bytes()
    {
        string folder = Compiler.CreateSource("csc-concurrent");
        byte[] stock = Compiler.Compile(folder, "stock", run => run);
        byte[] ours = Compiler.Compile(folder, "ours", run => Mark(run, "80000", Always));
        byte[] verified = Compiler.Compile(folder, "verified", run => Mark(run, "200000", Verify));
        Assert.Equal(stock, ours);
        Assert.Equal(stock, verified);
    }

    private static Run Marking(string? budget, string verify, params string[] arguments) =>
        Mark(Run.Stock(arguments), budget, verify);

    private static Run Mark(Run run, string? budget, string verify)
    {
        _ = run.On(Places.Heap).With("DOTNET_QuarryGCMode", "collect")
            .With("DOTNET_QuarryGCVerify", verify);
        return budget is null ? run : run.With("DOTNET_GCgen0size", budget);
    }
}
