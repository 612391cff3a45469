using System;
using System.IO;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>Memory limits, and running out of memory.</summary>
public sealed class LimitTests
{
    [Fact]
    public void A_full_heap_throws_and_writes_one_line()
    {
        Outcome outcome = Run.Ours("full").With("DOTNET_GCHeapHardLimit", "4000000").Start();
        Assert.Equal(0, outcome.ExitCode);

        // 64 MiB of arrays of 1024 bytes, less the mebibyte that is held back.
        int thousands = int.Parse(outcome.Output.Split(' ')[2], null);
        Assert.InRange(thousands, 55, 65);
        string line = Assert.Single(outcome.ErrorLines);
        Assert.StartsWith("quarry: the managed heap is full: ", line, StringComparison.Ordinal);
        Assert.EndsWith("and the limit is 67108864. Raise DOTNET_GCHeapHardLimit or the container's limit. "
            + "This heap never frees memory; the stock collector does", line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_exception_for_arrays_that_are_too_large_can_be_caught()
    {
        Outcome outcome = Run.Ours("too-large").Start();
        Assert.Equal((0, $"caught, {Array.MaxLength}\n"), (outcome.ExitCode, outcome.Output));
        Assert.Contains(
            "no more memory or address space", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_is_reported_as_available() => Assert.Equal(
        $"{1 << 28}\n",
        Run.Ours("available").With("DOTNET_GCHeapHardLimit", "10000000").Start().Clean().Output);

    [Fact]
    public void A_percentage_limits_to_a_part_of_the_memory()
    {
        long quarter = long.Parse(
            Run.Ours("available").With("DOTNET_GCHeapHardLimitPercent", "19").Start().Clean().Output, null);
        long half = long.Parse(
            Run.Ours("available").With("DOTNET_GCHeapHardLimitPercent", "32").Start().Clean().Output, null);
        Assert.Equal(quarter * 2, half, tolerance: 100);
    }

    [Fact]
    public void A_limit_can_be_changed_and_removed_while_the_program_runs() => Assert.Equal(
        $"{512 << 20}\n{256 << 20}\ntoo low\n{256 << 20}\nunlimited\n",
        Run.Ours("refresh").Start().Clean().Output);

    [Fact]
    public void Threads_do_not_exceed_the_limit_together() => Assert.Equal(
        "within\n", Run.Ours("together").With("DOTNET_GCHeapHardLimit", "8000000").Start().Output);

    [Theory]
    [InlineData("threads", 4_000_000)]
    [InlineData("linq", 2_000_000)]
    public void A_limit_on_address_space_makes_the_heap_smaller(string name, int kilobytes)
    {
        Outcome outcome = Run.Shell($"ulimit -v {kilobytes}; exec $PROBE {name}").On(Places.Heap).Start();
        Assert.Equal(Run.Stock(name).Start().Clean().Output, outcome.Clean().Output);
    }

    /// <summary>With one arena of malloc: otherwise, glibc uses up the addresses.</summary>
    [Theory]
    [InlineData("bump", 450_000)]
    [InlineData("bump", 650_000)]
    [InlineData("collect", 450_000)]
    [InlineData("collect", 750_000)]
    public void A_program_runs_with_few_addresses(string mode, int kilobytes)
    {
        Run run = Run.Shell($"ulimit -v {kilobytes}; exec $PROBE linq").On(Places.Heap)
            .With("MALLOC_ARENA_MAX", "1").With("DOTNET_QuarryGCMode", mode);
        Assert.Equal(StockOutput.Of("linq"), run.Start().Clean().Output);
    }

    /// <summary>Containers are control groups; skipped where one cannot be created.</summary>
    [Fact]
    public void A_container_leaves_a_quarter_to_everything_else()
    {
        const long Limit = 400L << 20;
        string[] roots = ["/sys/fs/cgroup/memory", "/sys/fs/cgroup"];
        string[] limits = ["memory.limit_in_bytes", "memory.max"];
        int version = Array.FindIndex(roots, Directory.Exists);
        string group = $"{roots[Math.Max(version, 0)]}/quarry-test-{Environment.ProcessId}";
        string limit = $"{group}/{limits[Math.Max(version, 0)]}";
        try
        {
            Directory.CreateDirectory(group);
            File.WriteAllText(limit, $"{Limit}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("control groups cannot be created here");
        }

        try
        {
            string enter = $"echo $$ > {group}/cgroup.procs";
            Outcome outcome = Run.Shell($"{enter}; exec $PROBE available").On(Places.Heap).Start();
            Assert.Equal($"{Limit / 100 * 75}\n", outcome.Clean().Output);
            outcome = Run.Shell($"{enter}; exec $PROBE full").On(Places.Heap).Start();
            Assert.Equal(0, outcome.ExitCode);
            Assert.Contains(
                "or the container's limit", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(group);
        }
    }
}
