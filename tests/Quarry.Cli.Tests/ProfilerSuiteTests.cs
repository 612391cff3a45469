using System;
using System.Collections.Generic;
using Quarry.Bench;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>The comparison of profilers of bench/Quarry.Bench.</summary>
public sealed class ProfilerSuiteTests
{
    private static readonly Profiler s_plain = new(Profiler.Off, null, "library env", 9);

    private static readonly Profiler s_exact = new("exact", Profiler.Off, "library env X=1", 9);

    private static readonly Workload s_workload = new("sqlite", "real", "", null, [], null, "{run} true", 1);

    [Fact]
    public void Ratios_are_those_of_the_runs_of_one_round()
    {
        // A machine that is ten times as slow in the last round.
        ProfilerResult result = Result(([1, 2, 10], [2, 3, 20]));
        Assert.Equal(2, result.Ratio(s_exact));
        Assert.Equal(2, result.Plain(Profiler.Off));
        Assert.Null(result.Plain(Profiler.Libc));
    }

    [Fact]
    public void The_table_has_the_ratios_and_their_median_and_names_failures()
    {
        SuiteOptions options = new(3, null, null, TimeSpan.FromSeconds(1), null, "the command");
        ProfilerResult failed = Result(([1], [])) with
        {
            Failures = new Dictionary<string, string> { ["exact"] = "it crashed" },
        };
        string text = ProfilerMarkdown.Write(
            options, [s_plain, s_exact], [Result(([1], [1.5])), Result(([1], [2.5])), failed]);
        Assert.Matches(@"\| program \| plain \| exact \|\n\|---\|--:\|--:\|\n", text);
        Assert.Matches(@"\| sqlite \| [^|]+ \| 1\.50 \|\n\| sqlite \| [^|]+ \| 2\.50 \|\n", text);
        Assert.Contains("| **median** |  | **2.00** |", text, StringComparison.Ordinal);
        Assert.Contains("* sqlite, exact: it crashed", text, StringComparison.Ordinal);
        Assert.Contains("    the command\n", text, StringComparison.Ordinal);
    }

    private static ProfilerResult Result((double[] Plain, double[] Exact) times) => new(
        s_workload,
        new Dictionary<string, List<double>>
        {
            [Profiler.Off] = [.. times.Plain],
            ["exact"] = [.. times.Exact],
        },
        new Dictionary<string, string>());
}
