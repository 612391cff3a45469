using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Quarry.Cli.Allocators;
using Quarry.Cli.Output;
using Spectre.Console;

namespace Quarry.Cli.Statistics;

/// <summary>The figures of a run as text for people.</summary>
internal sealed class StatisticsView(IAnsiConsole console)
{
    private const int TopClasses = 10;
    private const int BarWidth = 24;

    internal void Write(RunReport report, bool withChildren)
    {
        console.WriteLine();
        Heading(string.Join(' ', report.Command));
        Grid run = Rows();
        Row(run, "allocator", report.Allocator, report.Library ?? "the C library's own");
        Row(run, "ended with", End(report), "");
        TimeSpan wall = TimeSpan.FromSeconds(report.WallSeconds);
        Row(run, "time", Duration.Format(wall),
            $"user {Duration.Format(TimeSpan.FromSeconds(report.UserSeconds))}, " +
            $"system {Duration.Format(TimeSpan.FromSeconds(report.SystemSeconds))}, " +
            Invariant($"CPU {Percent(report.Cpu.TotalSeconds, report.WallSeconds)}"));
        bool known = report.PeakResident > report.LeastPeakResident;
        Row(run, "peak resident", (known ? "" : "≤ ") + ByteSize.Format(report.PeakResident), known
            ? "of the largest process, by the kernel"
            : "the least the kernel can tell of what this tool starts");
        console.Write(run);

        if (report.Allocator != Allocator.Quarry)
        {
            Note("Sizes and counts are kept by quarry only: --allocator quarry shows them.");
            return;
        }

        if (report.NoFiguresBecause is not null)
        {
            Note("No figures: " + report.NoFiguresBecause + ".");
        }

        IEnumerable<HeapStatistics> shown = report.Processes.Where(p => withChildren || p.Pid == report.Pid);
        foreach (HeapStatistics process in shown)
        {
            WriteProcess(process, report);
        }

        if (withChildren && report.Processes.Count > 1)
        {
            WriteTotal(report.Processes);
        }
        else if (!withChildren && report.Processes.Count(p => p.Pid != report.Pid) is > 0 and int children)
        {
            Note(Invariant($"{children} child processes used the allocator too: --children shows them."));
        }
    }

    private void WriteProcess(HeapStatistics process, RunReport report)
    {
        console.WriteLine();
        Heading(Invariant($"{process.Program} ({process.Pid})"));
        if (!process.Final)
        {
            Note(process.Pid == report.Pid
                ? "Not final: it ended without running its exit handlers; this is the last snapshot."
                : "Not final: it was killed or still runs; this is the last snapshot.");
        }

        Grid heap = Rows();
        Row(heap, "requested", ByteSize.Format(process.Requested), Count(process.Allocations, "allocation"));
        Row(heap, "peak", ByteSize.Format(process.Peak), Count(process.Threads, "thread"));
        Row(heap, "in use at exit", ByteSize.Format(process.InUse), Count(process.InUseBlocks, "block"));
        Row(heap, "committed", ByteSize.Format(process.Committed),
            $"of {ByteSize.Format(process.Mapped)} of address space");
        Row(heap, "resident", ByteSize.Format(process.Resident),
            $"{Percent(process.InUse, process.Resident)} of it in use, " +
            $"peak {ByteSize.Format(process.PeakResident)}");
        Row(heap, "large blocks", ByteSize.Format(process.Large.Bytes),
            Count(process.Large.Allocations, "allocation") + Invariant($", {process.Large.InUse:N0} in use"));
        console.Write(heap);
        WriteClasses(process.Classes);
    }

    private void WriteClasses(IReadOnlyList<SizeClassStatistics> classes)
    {
        if (classes.Count == 0)
        {
            return;
        }

        SizeClassStatistics[] top =
            [.. classes.OrderByDescending(c => c.Size * c.Allocations).Take(TopClasses).OrderBy(c => c.Size)];
        long most = top.Max(c => c.Size * c.Allocations);
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("size").RightAligned());
        table.AddColumn(new TableColumn("allocations").RightAligned());
        table.AddColumn(new TableColumn("in use").RightAligned());
        table.AddColumn(new TableColumn("pages").RightAligned());
        table.AddColumn(new TableColumn("requested").RightAligned());
        table.AddColumn(new TableColumn(top.Length < classes.Count
            ? Invariant($"top {top.Length} of {classes.Count} classes")
            : "").NoWrap());
        foreach (SizeClassStatistics c in top)
        {
            long requested = c.Size * c.Allocations;
            table.AddRow(
                Plain(ByteSize.Format(c.Size)),
                Plain(Invariant($"{c.Allocations:N0}")),
                Plain(Invariant($"{c.InUse:N0}")),
                Plain(Invariant($"{c.Pages:N0}")),
                Plain(ByteSize.Format(requested)),
                new Text(Bar.Draw(requested, most, BarWidth), Color.Green));
        }

        console.Write(table);
    }

    private void WriteTotal(IReadOnlyList<HeapStatistics> all)
    {
        console.WriteLine();
        Heading(Invariant($"Total of {all.Count} processes"));
        Grid total = Rows();
        Row(total, "requested", ByteSize.Format(all.Sum(p => p.Requested)),
            Count(all.Sum(p => p.Allocations), "allocation"));
        Row(total, "sum of peaks", ByteSize.Format(all.Sum(p => p.Peak)),
            "an upper bound: they need not coincide");
        Row(total, "in use at exit", ByteSize.Format(all.Sum(p => p.InUse)),
            Count(all.Sum(p => p.InUseBlocks), "block"));
        console.Write(total);
    }

    private void Heading(string text) =>
        console.Write(new Text(text + "\n", new Style(decoration: Decoration.Bold)));

    private void Note(string text) => console.Write(new Text(text + "\n", Color.Yellow));

    private static Grid Rows() => new Grid()
        .AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0))
        .AddColumn(new GridColumn().NoWrap().RightAligned().Padding(0, 0, 2, 0))
        .AddColumn();

    private static void Row(Grid grid, string name, string value, string remark) =>
        grid.AddRow(new Text(name, Color.Grey), Plain(value), Plain(remark));

    private static Text Plain(string text) => new Text(text);

    private static string End(RunReport report) =>
        report.ExitCode is { } code ? Invariant($"exit code {code}") : Invariant($"signal {report.Signal}");

    private static string Count(long count, string noun) =>
        Invariant($"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    private static string Percent(double part, double whole) =>
        whole > 0 ? Invariant($"{100 * part / whole:0} %") : "-";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
