using System;
using System.Collections.Generic;
using System.Globalization;
using Quarry.Cli.Output;
using Quarry.Tools.Output;

namespace Quarry.Cli.Profiles.Live;

/// <summary>The figures of a process as lines of text.</summary>
/// <param name="width">The number of characters in a line.</param>
/// <param name="height">The number of lines; null for as many as necessary.</param>
internal sealed class LivePage(int width, int? height)
{
    // The heading, five sizes, an empty line, the titles of the columns, and the note.
    private const int FixedLines = 9;

    private const int MaxLinesOfSite = 3;

    private readonly List<StyledLine> _lines = [];

    /// <summary>Gets the lines.</summary>
    /// <param name="figures">The figures.</param>
    /// <param name="order">What the sites are ordered by.</param>
    /// <param name="keys">The keys of the live view; empty if there are none.</param>
    internal IReadOnlyList<StyledLine> Render(LiveFigures figures, LiveOrder order, string keys)
    {
        WriteHead(figures);
        if (figures.Sites.Count > 0)
        {
            WriteSites(figures.Sites, order);
        }

        if (height is null)
        {
            _lines.Add(new StyledLine());
        }

        while (_lines.Count < height - 1)
        {
            _lines.Add(new StyledLine());
        }

        string note = Note(figures);
        string last = keys.Length == 0 ? note
            : keys.Length + note.Length + 2 <= width ? $"{keys}  {note}"
            : keys;
        _lines.Add(StyledLine.Of(last, TextStyle.Faint));
        return _lines;
    }

    private void WriteHead(LiveFigures figures)
    {
        string up = Up(TimeSpan.FromSeconds(figures.Seconds));
        string processor =
            figures.ProcessorShare is { } share ? Invariant($", CPU {Math.Max(0, share):P0}") : "";
        _lines.Add(StyledLine.Of(
            Invariant($"{figures.Program} ({figures.Pid}), up {up}, {Threads(figures)}{processor}"),
            TextStyle.Bold));
        Size("in use", figures.InUseBytes,
            Invariant($"{figures.InUseBlocks:N0} blocks, {Signed(figures.InUseBytesPerSecond)}/s"));
        Size("peak", figures.PeakBytes, "of slices in use");
        Size("committed", figures.CommittedBytes, "");
        Size("resident", figures.ResidentBytes, $"peak {ByteSize.Format(figures.PeakResidentBytes)}");
        Size("allocated", figures.AllocatedBytes,
            Invariant($"{ByteSize.Format(figures.AllocatedBytesPerSecond)}/s, ") +
            Invariant($"{figures.AllocationsPerSecond:N0} allocations/s"));
        _lines.Add(new StyledLine());
    }

    private void Size(string name, long bytes, string remark) => _lines.Add(new StyledLine()
        .Add($"  {name,-9}", TextStyle.Faint).Add($"{ByteSize.Format(bytes),11}").Add("  " + remark));

    private void WriteSites(IReadOnlyList<LiveSite> sites, LiveOrder order)
    {
        LiveColumns columns = new(width);
        _lines.Add(columns.Titles(order, width));
        int room = height - FixedLines ?? int.MaxValue;
        int linesOfSite = Math.Clamp(room / sites.Count, 1, MaxLinesOfSite);
        foreach (LiveSite site in sites)
        {
            IReadOnlyList<StyledLine> lines = columns.Lines(site, linesOfSite);
            if (lines.Count > room)
            {
                return;
            }

            room -= lines.Count;
            _lines.AddRange(lines);
        }
    }

    private static string Note(LiveFigures figures) => figures.Mode switch
    {
        "sampled" => $"Sites are estimates: one sample every {ByteSize.Format(figures.SampleInterval ?? 0)}.",
        "exact" => "Every allocation is recorded.",
        "off" => Invariant($"Nothing is recorded: 'quarry profile --attach {figures.Pid}' shows sites."),
        _ => "The process has no profile file: start it with 'quarry profile' for sites.",
    };

    private static string Up(TimeSpan time) =>
        time.TotalDays >= 1 ? Invariant($"{time.Days} d {time.Hours} h")
        : time.TotalHours >= 1 ? Invariant($"{time.Hours} h {time.Minutes} min")
        : time.TotalMinutes >= 1 ? Invariant($"{time.Minutes} min {time.Seconds} s")
        : Duration.Format(time);

    private static string Threads(LiveFigures figures) =>
        Invariant($"{figures.Threads:N0} thread{(figures.Threads == 1 ? "" : "s")}");

    private static string Signed(double bytes) => (bytes < 0 ? "-" : "+") + ByteSize.Format(Math.Abs(bytes));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
