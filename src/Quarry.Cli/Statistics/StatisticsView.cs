using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Quarry.Cli.Output;
using Quarry.Tools.Allocators;
using Quarry.Tools.Output;
using Spectre.Console;

namespace Quarry.Cli.Statistics;

/// <summary>Prints the statistics of a run for people.</summary>
internal sealed class StatisticsView(IAnsiConsole console)
{
    private const int TopClasses = 10;
    private const int BarWidth = 24;
    private const string BytesSuffix = "_bytes";

    // The statistics with a place of their own; any others follow as they come.
    private static readonly HashSet<string> s_shown =
    [
        "requested_bytes", "allocations", "peak_bytes", "threads", "in_use_bytes", "in_use_blocks",
        "committed_bytes", "mapped_bytes", "large_in_use_bytes", "large_allocations", "large_in_use_blocks",
        // Of the heap alone; the process's own is shown.
        "resident_bytes",
    ];

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
            ? "of the largest process, as the kernel reports it"
            : "the smallest value that the kernel reports for a child of this tool");
        console.Write(run);

        if (report.Allocator != Allocator.Quarry)
        {
            Note("Only quarry has statistics of sizes and counts: use --allocator quarry.");
            return;
        }

        if (report.MissingReason is not null)
        {
            Note("No statistics: " + report.MissingReason + ".");
        }

        foreach (ProcessStatistics process in
            report.Processes.Where(p => withChildren || p.Pid == report.Pid))
        {
            WriteProcess(process, report);
        }

        if (withChildren && report.Processes.Count > 1)
        {
            WriteTotal(report.Processes);
        }
        else if (!withChildren && report.Processes.Count(p => p.Pid != report.Pid) is > 0 and int children)
        {
            Note(Count(children, "child process", "child processes") +
                " used the allocator: --children shows them.");
        }
    }

    private void WriteProcess(ProcessStatistics process, RunReport report)
    {
        console.WriteLine();
        Heading(Invariant($"{process.Program} ({process.Pid})"));
        if (!process.Final)
        {
            Note(process.Pid == report.Pid
                ? "Not final: the process ended without running its exit handlers; this is its last record."
                : "Not final: the process was killed or still runs; this is its last record.");
        }

        Grid heap = Rows();
        Row(heap, "requested", Bytes(process, "requested_bytes"),
            Count(process["allocations"], "allocation"));
        Row(heap, "peak", Bytes(process, "peak_bytes"), Count(process["threads"], "thread"));
        Row(heap, "in use at exit", Bytes(process, "in_use_bytes"), Count(process["in_use_blocks"], "block"));
        Row(heap, "committed", Bytes(process, "committed_bytes"),
            $"of {Bytes(process, "mapped_bytes")} of address space");
        Row(heap, "resident", ByteSize.Format(process.ResidentBytes),
            $"{Percent(process["in_use_bytes"], process.ResidentBytes)} of it in use, " +
            $"peak {ByteSize.Format(process.PeakResidentBytes)}");
        Row(heap, "large blocks", Bytes(process, "large_in_use_bytes"),
            Count(process["large_allocations"], "allocation") +
            Invariant($", {process["large_in_use_blocks"]:N0} in use"));
        foreach ((string name, long value) in process.Heap.Where(other => !s_shown.Contains(other.Key)))
        {
            bool isSize = name.EndsWith(BytesSuffix, StringComparison.Ordinal);
            string label = (isSize ? name[..^BytesSuffix.Length] : name).Replace('_', ' ');
            Row(heap, label, isSize ? ByteSize.Format(value) : Invariant($"{value:N0}"), "");
        }

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

    private void WriteTotal(IReadOnlyList<ProcessStatistics> all)
    {
        console.WriteLine();
        Heading(Invariant($"Total of {all.Count} processes"));
        Grid total = Rows();
        Row(total, "requested", ByteSize.Format(all.Sum(p => p["requested_bytes"])),
            Count(all.Sum(p => p["allocations"]), "allocation"));
        Row(total, "sum of peaks", ByteSize.Format(all.Sum(p => p["peak_bytes"])),
            "an upper bound: the peaks need not coincide");
        Row(total, "in use at exit", ByteSize.Format(all.Sum(p => p["in_use_bytes"])),
            Count(all.Sum(p => p["in_use_blocks"]), "block"));
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

    private static string Bytes(ProcessStatistics process, string name) => ByteSize.Format(process[name]);

    private static Text Plain(string text) => new Text(text);

    private static string End(RunReport report) =>
        report.ExitCode is { } code ? Invariant($"exit code {code}") : Invariant($"signal {report.Signal}");

    private static string Count(long count, string noun, string? plural = null) =>
        Invariant($"{count:N0} {(count == 1 ? noun : plural ?? noun + "s")}");

    private static string Percent(double part, double whole) =>
        whole > 0 ? Invariant($"{100 * part / whole:0} %") : "-";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
