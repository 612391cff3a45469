using System;
using System.Collections.Generic;
using System.Globalization;
using Quarry.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Quarry.Cli.Profiles.Live;

/// <summary>The figures of a process as a page of text.</summary>
internal static class LiveView
{
    private const int ShownFrames = 6;

    internal static Rows Render(LiveFigures figures)
    {
        List<IRenderable> rows = [Heading(figures), Sizes(figures)];
        if (figures.Sites.Count > 0)
        {
            rows.Add(Sites(figures));
        }

        rows.Add(new Text(Note(figures), Color.Grey));
        return new Rows(rows);
    }

    private static Text Heading(LiveFigures figures) => new(
        Invariant($"{figures.Program} ({figures.Pid}), ") +
            $"up {Duration.Format(TimeSpan.FromSeconds(figures.Seconds))}, " +
            Invariant($"{figures.Threads:N0} threads, CPU {figures.ProcessorShare ?? 0:P0}"),
        new Style(decoration: Decoration.Bold));

    private static Grid Sizes(LiveFigures figures)
    {
        Grid grid = new Grid()
            .AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0))
            .AddColumn(new GridColumn().NoWrap().RightAligned().Padding(0, 0, 2, 0))
            .AddColumn();
        Row(grid, "in use", ByteSize.Format(figures.InUseBytes),
            Invariant($"{figures.InUseBlocks:N0} blocks, {Signed(figures.InUseBytesPerSecond)}/s"));
        Row(grid, "peak", ByteSize.Format(figures.PeakBytes), "of slices in use");
        Row(grid, "committed", ByteSize.Format(figures.CommittedBytes), "");
        Row(grid, "resident", ByteSize.Format(figures.ResidentBytes),
            $"peak {ByteSize.Format(figures.PeakResidentBytes)}");
        Row(grid, "allocated", ByteSize.Format(figures.AllocatedBytes),
            Invariant($"{ByteSize.Format(figures.AllocatedBytesPerSecond)}/s, ") +
            Invariant($"{figures.AllocationsPerSecond:N0} allocations/s"));
        return grid;
    }

    private static Table Sites(LiveFigures figures)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("live").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("blocks").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("growth/s").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("allocated/s").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("site"));
        foreach (LiveSite site in figures.Sites)
        {
            string frames = string.Join(" < ", Shown(site.Frames));
            table.AddRow(
                new Text(ByteSize.Format(site.LiveBytes)),
                new Text(Invariant($"{site.LiveBlocks:N0}")),
                new Text(Signed(site.LiveBytesPerSecond)),
                new Text(ByteSize.Format(site.BytesPerSecond)),
                new Text(frames) { Overflow = Overflow.Ellipsis });
        }

        return table;
    }

    private static IEnumerable<string> Shown(IReadOnlyList<string> frames)
    {
        for (int i = 0; i < frames.Count && i < ShownFrames; i++)
        {
            yield return frames[i];
        }
    }

    private static string Note(LiveFigures figures) => figures.Mode switch
    {
        "sampled" => $"Sites are estimates: one sample every {ByteSize.Format(figures.SampleInterval ?? 0)}.",
        "exact" => "Every allocation is recorded.",
        "off" => Invariant($"Nothing is recorded: 'quarry profile --attach {figures.Pid}' shows sites."),
        _ => "The process has no profile file: start it with 'quarry profile' for sites.",
    };

    private static void Row(Grid grid, string name, string value, string remark) =>
        grid.AddRow(new Text(name, Color.Grey), new Text(value), new Text(remark));

    private static string Signed(double bytes) => (bytes < 0 ? "-" : "+") + ByteSize.Format(Math.Abs(bytes));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
