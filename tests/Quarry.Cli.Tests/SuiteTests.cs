using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Quarry.Bench;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.Output;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>The arithmetic and the writing of the benchmark suite, without its workloads.</summary>
public sealed class SuiteTests
{
    [Fact]
    public void A_result_line_is_read()
    {
        Assert.Equal(
            new Measurement(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(1.25), 4096 << 10),
            WorkloadRunner.Parse("1500000 1000000 250000 4096 0\n"));
        Assert.Throws<RunFailedException>(() => WorkloadRunner.Parse("1500000 1000000 250000 4096 139\n"));
    }

    [Fact]
    public void Means_are_of_ratios_to_the_best_of_each_workload()
    {
        SuiteReport report = Report(Workload("x", 1, 2), Workload("y", 8, 2));
        Assert.Equal(2.0, report.MeanTime("a")!.Value, 12);
        Assert.Equal(Math.Sqrt(2), report.MeanTime("b")!.Value, 12);
        Assert.Equal(2.0, report.MeanPeak("a")!.Value, 12);
    }

    [Fact]
    public void A_workload_that_one_fails_counts_for_no_one()
    {
        WorkloadResult failed = Workload("z", 100, 1) with
        {
            Results = [Result("a", 100), ContenderResult.Failed(new Contender("b", null), "exit code 1")],
        };
        SuiteReport report = Report(Workload("x", 1, 2), failed);
        Assert.Equal(1.0, report.MeanTime("a")!.Value, 12);
        Assert.Equal(2.0, report.MeanTime("b")!.Value, 12);
        Assert.Contains("| z | **100 s** | failed |", SuiteMarkdown.Write(report), StringComparison.Ordinal);
        Assert.Contains("z on b failed: exit code 1", SuiteMarkdown.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_is_more_than_a_tenth_behind_is_marked()
    {
        string text = SuiteMarkdown.Write(Report(Workload("x", 1, 1.09), Workload("y", 1.2, 1)));
        Assert.Contains("| x | **1.00 s** | 1.09 s 1.09× |", text, StringComparison.Ordinal);
        Assert.Contains("| y | 1.20 s 1.20× ▲ | **1.00 s** |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_skipped_workload_is_named_with_the_reason()
    {
        SuiteReport report = Report(Workload("x", 1, 1) with { Skipped = "lua not found", Results = [] });
        Assert.Contains("Skipped: lua not found.", SuiteMarkdown.Write(report), StringComparison.Ordinal);
        Assert.Null(report.MeanTime("a"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(12)]
    public void The_picture_has_a_point_and_a_label_for_each_allocator(int count)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(i => $"<{i}>")];
        WorkloadResult workload = new(
            "x", "synthetic", "", 1, null, [.. names.Select((name, i) => Result(name, 1 + (i * 0.01)))]);
        SuiteReport report = Report(workload) with
        {
            Contenders = [.. names.Select(name => new Contender(name, null))],
        };
        XElement picture = XElement.Parse(SuiteScatter.Write(report)!);
        XElement[] points = [.. picture.Descendants().Where(e => e.Name.LocalName == "circle")];
        XElement[] labels = [.. picture.Descendants().Where(e => names.Contains(e.Value))];
        Assert.Equal(count, points.Length);
        Assert.Equal(count, labels.Length);

        // Labels do not cover each other, however close the points are.
        double[] rows = [.. labels.Select(l => (double)l.Attribute("y")!).Order()];
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 14));
    }

    [Fact]
    public void Without_a_workload_that_ran_on_all_allocators_there_is_no_picture() =>
        Assert.Null(SuiteScatter.Write(Report()));

    [Fact]
    public void Results_replace_what_is_between_the_markers_only()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("performance.md");
        MarkedSection.Replace(file, "results", "first");
        File.WriteAllText(file, "Before.\n" + File.ReadAllText(file) + "After.\n");
        MarkedSection.Replace(file, "results", "second");
        string text = File.ReadAllText(file);
        Assert.StartsWith("Before.\n", text, StringComparison.Ordinal);
        Assert.EndsWith("After.\n", text, StringComparison.Ordinal);
        Assert.Contains("second", text, StringComparison.Ordinal);
        Assert.DoesNotContain("first", text, StringComparison.Ordinal);

        File.WriteAllText(file, "No markers.");
        Assert.Throws<InvalidDataException>(() => MarkedSection.Replace(file, "results", "third"));
    }

    [Fact]
    public void The_workloads_of_the_repository_can_be_read()
    {
        SuiteFolders folders = SuiteFolders.Find();
        Assert.SkipUnless(File.Exists(folders.Workloads), "this checkout has no workloads");
        IReadOnlyList<Workload> all = Quarry.Bench.Workload.ReadAll(folders.Workloads);
        Assert.Equal(all.Count, all.Select(w => w.Name).Distinct().Count());
        Assert.All(all, w => Assert.Equal(2, w.Command.Split("{run}").Length));
        Assert.All(all, w => Assert.Contains(w.Kind, new[] { "synthetic", "real" }));
    }

    private static ContenderResult Result(string name, double figure) => ContenderResult.Of(
        new Contender(name, null),
        [new Measurement(TimeSpan.FromSeconds(figure), TimeSpan.FromSeconds(figure), (long)(figure * 1000))]);

    private static WorkloadResult Workload(string name, double a, double b) =>
        new(name, "synthetic", "About it.", 1, null, [Result("a", a), Result("b", b)]);

    private static SuiteReport Report(params IReadOnlyList<WorkloadResult> workloads) => new(
        "2026-01-01",
        "repeat",
        5,
        new BenchmarkMachine("CPU", 2, "8 GiB", "Linux", "6.1", ["glibc 2.36"]),
        [new Contender("a", null), new Contender("b", null)],
        workloads);
}
