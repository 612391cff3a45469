using System.Globalization;
using System.Linq;
using Quarry.Cli.Output;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.Output;
using Spectre.Console;

namespace Quarry.Cli.Benchmarking;

/// <summary>The outcome as a table on the terminal.</summary>
internal static class BenchmarkTable
{
    private const int BarWidth = 12;

    internal static void Write(IAnsiConsole console, BenchmarkReport report)
    {
        ContenderResult[] measured = [.. report.Results.Where(r => r.Failure is null)];
        if (measured.Length > 0)
        {
            console.Write(Draw(report, measured));
            console.Write(new Text(string.Create(CultureInfo.InvariantCulture,
                $"medians of {report.Runs} interleaved runs; × compares with {report.Baseline}\n"),
                Color.Grey));
        }

        foreach (ContenderResult failed in report.Results.Where(r => r.Failure is not null))
        {
            console.Write(new Text($"{failed.Name} is left out: {failed.Failure}\n", Color.Red));
        }
    }

    private static Table Draw(BenchmarkReport report, ContenderResult[] measured)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("allocator").NoWrap());
        foreach (string title in new[] { "time", "least", "spread", "×", "", "CPU", "×", "peak", "×" })
        {
            TableColumn column = new TableColumn(title).NoWrap().PadLeft(0);
            table.AddColumn(title.Length == 0 ? column : column.RightAligned());
        }

        double slowest = measured.Max(r => r.Wall!.Median);
        double fastest = measured.Min(r => r.Wall!.Median);
        double leanest = measured.Min(r => r.Peak!.Median);
        foreach (ContenderResult result in measured)
        {
            Sample wall = result.Wall!;
            table.AddRow(
                new Text(result.Name),
                Best(Cells.Seconds(wall.Median), wall.Median == fastest),
                new Text(Cells.Seconds(wall.Minimum)),
                new Text(Cells.Spread(wall)),
                new Text(Cells.Ratio(report.WallRatio(result))),
                new Text(Bar.Draw(wall.Median, slowest, BarWidth), Color.Blue),
                new Text(Cells.Seconds(result.Cpu!.Median)),
                new Text(Cells.Ratio(report.CpuRatio(result))),
                Best(ByteSize.Format(result.Peak!.Median), result.Peak.Median == leanest),
                new Text(Cells.Ratio(report.PeakRatio(result))));
        }

        return table;
    }

    private static Text Best(string text, bool best) => new Text(text, best ? Color.Green : Color.Default);
}
