using System;
using System.Linq;
using System.Text.RegularExpressions;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>The mode <c>collect</c>, with budgets so small that a collection happens all the time.</summary>
public sealed class CollectTests
{
    private const string Verify = "1", VerifyWithSmallStack = "3", VerifyWithThreads = "5",
        VerifyWithSmallStacks = "7", SweepLate = "8", VerifyWithLateSweep = "9", VerifyWithAll = "15";

    [Theory]
    [InlineData("1", "200", Budgets.Moderate, "0")]
    [InlineData("100", "8", Budgets.Tiny, Verify)]
    [InlineData("200", "6", Budgets.Small, VerifyWithSmallStack)]
    [InlineData("300", "12", Budgets.Small, VerifyWithThreads)]
    [InlineData("400", "6", Budgets.Small, VerifyWithSmallStacks)]
    [InlineData("500", "12", Budgets.Small, VerifyWithLateSweep)]
    [InlineData("600", "30", Budgets.Small, SweepLate)]
    [InlineData("700", "3", Budgets.Small, VerifyWithAll)]
    public void The_same_objects_live_as_with_the_stock_collector(
        string seed, string count, string budget, string verify)
    {
        string expected = StockOutput.OfGraphs(seed, count);
        Assert.Equal(expected, Collecting(budget, "graphs", seed, count)
            .With("DOTNET_QuarryGCVerify", verify).Start().Clean().Output);
    }

    [Theory]
    [InlineData("order")]
    [InlineData("files")]
    [InlineData("unloaded")]
    [InlineData("interior")]
    [InlineData("deep")]
    [InlineData("recursion")]
    [InlineData("huge")]
    [InlineData("mutators")]
    [InlineData("sync-blocks")]
    [InlineData("numbers")]
    [InlineData("returned")]
    public void Same_result_as_with_the_stock_collector(string name)
    {
        string expected = StockOutput.Of(name);
        Assert.Equal(expected, Collecting(Budgets.Moderate, name).Start().Clean().Output);
    }

    [Theory]
    [InlineData("interior", Verify)]
    [InlineData("deep", VerifyWithSmallStack)]
    [InlineData("mutators", Verify)]
    [InlineData("sync-blocks", Verify)]
    [InlineData("order", Verify)]
    [InlineData("order", VerifyWithThreads)]
    [InlineData("deep", VerifyWithSmallStacks)]
    [InlineData("mutators", VerifyWithThreads)]
    [InlineData("interior", VerifyWithLateSweep)]
    [InlineData("deep", VerifyWithLateSweep)]
    [InlineData("mutators", VerifyWithLateSweep)]
    [InlineData("sync-blocks", VerifyWithLateSweep)]
    [InlineData("order", VerifyWithLateSweep)]
    public void The_heap_is_valid_after_each_collection(string name, string verify) => Assert.Equal(
        StockOutput.Of(name),
        Collecting(Budgets.Moderate, name).With("DOTNET_QuarryGCVerify", verify).Start().Clean().Output);

    [Theory]
    [InlineData("many-handles", "200000", Verify)]
    [InlineData("many-sync-blocks", "50000", Verify)]
    [InlineData("many-threads", "3000", "0")]
    [InlineData("many-contexts", "50", "0")]
    public void Same_result_with_many(string name, string count, string verify) => Assert.Equal(
        StockOutput.Of(name, count),
        Collecting(Budgets.Moderate, name, count).With("DOTNET_QuarryGCVerify", verify)
            .Start().Clean().Output);

    [Theory]
    [InlineData("threads")]
    [InlineData("tasks")]
    [InlineData("locks")]
    [InlineData("exceptions")]
    [InlineData("linq")]
    [InlineData("json")]
    [InlineData("regex")]
    [InlineData("structures")]
    [InlineData("contexts")]
    [InlineData("emit")]
    [InlineData("handles")]
    [InlineData("dependent")]
    [InlineData("weak-table")]
    [InlineData("collect")]
    [InlineData("collection-count")]
    [InlineData("finalizers")]
    [InlineData("bytes")]
    [InlineData("memory-info")]
    [InlineData("pressure")]
    [InlineData("web")]
    public void Same_output_with_a_tiny_budget(string name) => Assert.Equal(
        StockOutput.Of(name), Collecting(Budgets.Tiny, name).Start().Clean().Output);

    [Theory]
    [InlineData("latency")]
    [InlineData("region")]
    [InlineData("region-ended")]
    [InlineData("low-latency")]
    [InlineData("collection-events")]
    [InlineData("region-callback")]
    [InlineData("region-callbacks")]
    [InlineData("settings")]
    [InlineData("ticks")]
    [InlineData("counters")]
    [InlineData("suspension")]
    public void Same_output_with_the_default_budget(string name) => Assert.Equal(
        StockOutput.Of(name), Collecting(null, name).Start().Clean().Output);

    [Theory]
    [InlineData("web")]
    [InlineData("mutators")]
    public void Same_output_with_the_write_barriers_of_server_GC(string name) => Assert.Equal(
        StockOutput.Of(name),
        Collecting(Budgets.Small, name).With("DOTNET_gcServer", "1").Start().Clean().Output);

    [Theory]
    [InlineData("cache", "40", null)]
    [InlineData("sizes", "400", null)]
    [InlineData("sizes", "400", Budgets.Moderate)]
    [InlineData("sockets", "20", Budgets.Moderate)]
    public void The_memory_of_a_program_that_runs_for_long_does_not_grow(
        string name, string rounds, string? budget) => Assert.Equal(
        "flat\n",
        Collecting(budget, "flat", name, rounds, "20").With("DOTNET_gcConcurrent", "0")
            .Start().Clean().Output);

    [Fact]
    public void Objects_of_all_sizes_do_not_fragment_the_heap() =>
        Assert.Equal("compact\n", Collecting(null, "fragmentation").Start().Clean().Output);

    [Theory]
    [InlineData("1", "0")]
    [InlineData("3", "2")]
    [InlineData("100", "7")]
    public void As_many_threads_mark_as_requested(string requested, string others) => Assert.Equal(
        $"{others}\n",
        Collecting(null, "mark-threads").With("DOTNET_GCHeapCount", requested).Start().Clean().Output);

    [Fact]
    public void Each_collection_is_traced_on_request()
    {
        Outcome outcome = Collecting(Budgets.Moderate, "deep").With("DOTNET_QuarryGCTrace", "1").Start();
        string[] lines = [.. outcome.ErrorLines.Where(IsCollection)];
        Assert.True(lines.Length > 10, outcome.Errors);
        for (int index = 1; index <= lines.Length; index++)
        {
            Assert.Matches($"^quarry: collection {index} of generation [02]: pause \\d+ us "
                + @"\(suspension \d+ us, stacks \d+ us, handles \d+ us, mark \d+ us, sweep \d+ us\); "
                + @"visited \d+ handles; allocated \d+ KiB from \d+ holes in \d+ requests, "
                + @"survived \d+ KiB, live \d+ KiB, holes \d+ KiB, committed \d+ KiB$", lines[index - 1]);
        }
    }

    [Fact]
    public void A_full_collection_leaves_the_sweep_to_the_time_after_it()
    {
        Outcome outcome = Collecting(Budgets.Moderate, "deep").With("DOTNET_QuarryGCTrace", "1")
            .With("DOTNET_QuarryGCVerify", SweepLate).Start();
        string[] full = [.. outcome.ErrorLines
            .Where(line => line.Contains("of generation 2", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[2])];
        string[] swept = [.. outcome.ErrorLines.Where(line => !IsCollection(line)).Select(line => Regex.Match(
            line, @"^quarry: sweep after collection (\d+): \d+ us in [1-9]\d* pieces; "
                + @"holes \d+ KiB, committed \d+ KiB$").Groups[1].Value)];
        Assert.True(full.Length > 2, outcome.Errors);
        Assert.Equal(full, swept);
    }

    [Fact]
    public void A_young_collection_does_not_visit_old_handles()
    {
        const int Handles = 1_000_000;
        Outcome outcome =
            Collecting(null, "old-handles", $"{Handles}").With("DOTNET_QuarryGCTrace", "1").Start();
        Assert.Equal((0, $"{Handles}\n"), (outcome.ExitCode, outcome.Output));
        int full = Array.FindLastIndex(
            outcome.ErrorLines, line => line.Contains("generation 2:", StringComparison.Ordinal));
        Assert.True(Visited(outcome.ErrorLines[full]) > Handles, outcome.Errors);
        string[] young = [.. outcome.ErrorLines[(full + 1)..].Where(IsCollection)];
        Assert.True(young.Length > 2, outcome.Errors);
        Assert.All(young, line => Assert.True(Visited(line) < Handles / 1000, line));

        static int Visited(string line) =>
            int.Parse(Regex.Match(line, @"visited (\d+) ").Groups[1].Value, null);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("8")]
    public void A_thread_takes_many_small_holes_at_a_time(string threads)
    {
        Outcome outcome = Collecting(null, "small-holes", threads).With("DOTNET_QuarryGCTrace", "1").Start();
        Assert.Equal((0, "kept\n"), (outcome.ExitCode, outcome.Output));
        Match[] counts = [.. outcome.ErrorLines
            .Select(line => Regex.Match(line, @" from (\d+) holes in (\d+) requests,"))
            .Where(match => match.Success)];
        long holes = counts.Sum(match => long.Parse(match.Groups[1].Value, null));
        long requests = counts.Sum(match => long.Parse(match.Groups[2].Value, null));
        Assert.True(holes > 20_000, outcome.Errors);
        Assert.True(requests < holes / 5, outcome.Errors);
    }

    [Fact]
    public void Threads_do_not_allocate_beyond_the_budget_while_a_collection_starts()
    {
        // The budget of 256 KiB, a quantum of 64 KiB for each of the eight threads, and some large objects.
        const int Most = 1024;
        Outcome outcome = Collecting(Budgets.Small, "mutators").With("DOTNET_QuarryGCTrace", "1").Start();
        int[] allocated = [.. outcome.ErrorLines.Where(IsCollection).Select(AllocatedKiB)];
        Assert.InRange(allocated.Length, 100, int.MaxValue);
        Assert.InRange(allocated.Max(), 256, Most);
    }

    [Fact]
    public void A_young_collection_happens_after_4_mib()
    {
        Outcome outcome = Collecting(null, "garbage").With("DOTNET_QuarryGCTrace", "1").Start();
        int[] allocated = [.. outcome.ErrorLines.Where(IsCollection).Select(AllocatedKiB)];
        Assert.InRange(allocated.First(), 4 << 10, 5 << 10);
    }

    [Fact]
    public void Clocks_are_read_without_a_system_call()
    {
        string strace = Tool.RequireStrace();
        Run run = new(strace, "-f", "-qq", "-e", "trace=clock_gettime", DotNet.Host, Places.Probe, "garbage");
        Outcome outcome = Collect(run, Budgets.Moderate).Start();
        Assert.Equal("collected\n", outcome.Output);

        // Full collections read the processor time of a thread, for which the kernel has no other way.
        Assert.DoesNotContain("clock_gettime(CLOCK_MONOTONIC", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_makes_collections_happen() => Assert.Equal("collected\n",
        Collecting(null, "garbage").With("DOTNET_GCHeapHardLimit", "4000000").Start().Clean().Output);

    [Fact]
    public void An_exception_is_thrown_only_if_live_objects_fill_the_heap()
    {
        Outcome outcome =
            Collecting(null, "full-twice").With("DOTNET_GCHeapHardLimit", "4000000").Start();
        Assert.Equal((0, "continued\n"), (outcome.ExitCode, outcome.Output));
        string line = Assert.Single(outcome.ErrorLines);
        Assert.StartsWith("quarry: the managed heap is full: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("never frees", line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_compiler_writes_the_same_bytes()
    {
        string folder = Compiler.CreateSource("csc-collect");
        byte[] stock = Compiler.Compile(folder, "stock", run => run);
        byte[] ours = Compiler.Compile(folder, "ours", run => Collect(run, "80000"));
        Assert.Equal(stock, ours);
    }

    private static bool IsCollection(string line) =>
        line.StartsWith("quarry: collection ", StringComparison.Ordinal);

    private static int AllocatedKiB(string line) =>
        int.Parse(line.Split("allocated ")[1].Split(' ')[0], null);

    private static Run Collecting(string? budget, params string[] arguments) =>
        Collect(Run.Stock(arguments), budget);

    private static Run Collect(Run run, string? budget)
    {
        _ = run.On(Places.Heap).With("DOTNET_QuarryGCMode", "collect");
        return budget is null ? run : run.With("DOTNET_GCgen0size", budget);
    }
}
