using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Quarry.Microbench.Reporting;

/// <summary>Runs all benchmarks, again and again, and puts together what each came to.</summary>
internal static class Rounds
{
    internal static RatioReport Run(string[] patterns, int rounds)
    {
        List<RatioRow> rows = [];
        for (int round = 1; round <= rounds; round++)
        {
            Console.Error.WriteLine($"round {round} of {rounds}");
            foreach (Summary summary in BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly())
                .Run(["--filter", .. patterns], Configurations.Quick))
            {
                Add(rows, summary);
            }
        }

        return new RatioReport(rows);
    }

    // A row is what is compared with one baseline: a category and a choice of parameters.
    private static void Add(List<RatioRow> rows, Summary summary)
    {
        foreach (BenchmarkReport report in summary.Reports)
        {
            BenchmarkCase one = report.BenchmarkCase;
            if (report.ResultStatistics is not { } statistics)
            {
                throw new InvalidOperationException(
                    $"{one.DisplayInfo} failed; run it by itself to see why.");
            }

            string label = string.Join(", ",
                one.Descriptor.Categories.Append(one.Parameters.PrintInfo).Where(part => part.Length > 0));
            RatioRow? row = rows.Find(known => known.Type == one.Descriptor.Type && known.Label == label);
            if (row is null)
            {
                row = new RatioRow(one.Descriptor.Type, label);
                rows.Add(row);
            }

            row.Add(one.Descriptor.WorkloadMethodDisplayInfo, one.Descriptor.Baseline, statistics.Median);
        }
    }
}
