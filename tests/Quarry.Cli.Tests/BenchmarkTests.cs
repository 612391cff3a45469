using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Quarry.Cli.Benchmarking;
using Quarry.Tools.Benchmarking;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>The arithmetic and the order of benchmarks, without running anything.</summary>
public sealed class BenchmarkTests
{
    private static readonly Contender s_a = new("a", null);
    private static readonly Contender s_b = new("b", "/lib/b.so");
    private static readonly Contender s_c = new("c", "/lib/c.so");

    [Fact]
    public void Sample_of_an_odd_count_has_the_middle_one()
    {
        Assert.Equal(new Sample(3, 1, 2.0 / 3), Sample.Of([5, 1, 3, 2, 4]));
    }

    [Fact]
    public void Sample_of_an_even_count_has_the_mean_of_the_middle_two()
    {
        Assert.Equal(new Sample(2.5, 1, 1.5 / 2.5), Sample.Of([4, 1, 3, 2]));
        Assert.Equal(new Sample(7, 7, 0), Sample.Of([7]));
    }

    [Fact]
    public void Geometric_mean_is_of_ratios()
    {
        Assert.Equal(1.0, Sample.GeometricMean([2, 0.5]), 12);
        Assert.Equal(2.0, Sample.GeometricMean([1, 2, 4]), 12);
    }

    [Fact]
    public void Order_rotates_from_round_to_round()
    {
        List<string> order = [];
        new InterleavedRunner([s_a, s_b, s_c], (contender, _) =>
        {
            order.Add(contender.Name);
            return Measured(1);
        }).Run(new BenchmarkPlan(Runs: 3, Warmup: 1), _ => { }, CancellationToken.None);
        Assert.Equal("abc bca cab abc", string.Join(' ', order.Chunk(3).Select(r => string.Concat(r))));
    }

    [Fact]
    public void Warmup_is_not_measured()
    {
        int run = 0;
        List<ContenderResult> results = new InterleavedRunner([s_a], (_, _) => Measured(++run)).Run(
            new BenchmarkPlan(Runs: 3, Warmup: 2), _ => { }, CancellationToken.None);
        Assert.Equal(new Sample(4, 3, 0.25), results.Single().Wall);
    }

    [Fact]
    public void Who_fails_is_out_with_the_reason_and_the_others_go_on()
    {
        int runs = 0;
        List<ContenderResult> results = new InterleavedRunner([s_a, s_b], (contender, _) =>
        {
            runs++;
            return contender == s_b ? throw new RunFailedException("exit code 3") : Measured(1);
        }).Run(new BenchmarkPlan(Runs: 3, Warmup: 0), _ => { }, CancellationToken.None);
        Assert.Equal(4, runs);
        Assert.Null(results[0].Failure);
        Assert.Equal(("exit code 3", null), (results[1].Failure, results[1].Wall));
    }

    [Fact]
    public void Cancellation_ends_the_benchmark()
    {
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(() => new InterleavedRunner([s_a, s_b], (_, _) =>
        {
            source.Cancel();
            return Measured(1);
        }).Run(new BenchmarkPlan(Runs: 3, Warmup: 0), _ => { }, source.Token));
    }

    [Fact]
    public void Ratios_refer_to_the_systems_allocator()
    {
        BenchmarkReport report = Report(Result("x", 2), Result("glibc", 4), Result("y", 6));
        Assert.Equal("glibc", report.Baseline);
        Assert.Equal([0.5, 1, 1.5], report.Results.Select(report.WallRatio));
        Assert.Equal([0.5, 1, 1.5], report.Results.Select(report.PeakRatio));
        Assert.Equal([0.5, 1, 1.5], report.Results.Select(r => report.CpuRatio(r)!.Value));
    }

    [Fact]
    public void Without_the_systems_allocator_ratios_refer_to_the_first_that_ended_well()
    {
        ContenderResult failed = ContenderResult.Failed(new Contender("glibc", null), "exit code 1");
        Assert.Equal("y", Report(failed, Result("y", 6), Result("z", 2)).Baseline);
        Assert.Null(Report(failed).Baseline);
    }

    [Fact]
    public void Markdown_has_a_row_for_each_and_tells_failures()
    {
        string text = BenchmarkMarkdown.Write(Report(
            Result("glibc", 4), Result("y", 6), ContenderResult.Failed(s_b, "exit code 3: a | b")));
        string[] rows = [.. text.Split('\n').Where(l => l.StartsWith('|'))];
        Assert.Equal(5, rows.Length);
        Assert.Contains("| y | 6.00 s | 6.00 s | 0.0 % | 1.50× |", rows[3], StringComparison.Ordinal);
        Assert.Contains(@"failed: exit code 3: a \| b", rows[4], StringComparison.Ordinal);
        Assert.All(rows, r => Assert.Equal(10, CountBars(r)));
    }

    private static int CountBars(string row) =>
        row.Replace(@"\|", "", StringComparison.Ordinal).Count('|'.Equals);

    private static Measurement Measured(double seconds) =>
        new(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds), (long)seconds);

    private static ContenderResult Result(string name, double figure) =>
        ContenderResult.Of(new Contender(name, null), [Measured(figure)]);

    private static BenchmarkReport Report(params IReadOnlyList<ContenderResult> results) =>
        new() { Command = ["prog", "x|y"], Runs = 1, Warmup = 0, Results = results };
}
