using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Quarry.Cli.Output;
using Quarry.Tools.Output;

namespace Quarry.Cli.Profiles.Live;

/// <summary>The columns of the sites, as many as there is room for.</summary>
internal sealed class LiveColumns
{
    private const string Separator = " < ", More = " < \u2026", Ellipsis = "\u2026", Gap = "  ";

    // The name of a site needs some room.
    private const int LeastSiteWidth = 24;

    private static readonly Column[] s_all =
    [
        new("live", 9, LiveOrder.Live, site => ByteSize.Format(site.LiveBytes)),
        new("blocks", 10, null, site => string.Create(CultureInfo.InvariantCulture, $"{site.LiveBlocks:N0}")),
        new("growth/s", 11, LiveOrder.Growth, site => Signed(site.LiveBytesPerSecond)),
        new("alloc/s", 10, LiveOrder.Allocated, site => ByteSize.Format(site.BytesPerSecond)),
    ];

    private readonly Column[] _columns;
    private readonly int _siteWidth;

    internal LiveColumns(int width)
    {
        int count = s_all.Length;
        while (count > 1 && Room(width, count) < LeastSiteWidth)
        {
            count--;
        }

        _columns = s_all[..count];
        _siteWidth = Math.Max(1, Room(width, count));
    }

    /// <summary>Gets the line of titles, in which that of the order is marked.</summary>
    internal StyledLine Titles(LiveOrder order, int width)
    {
        StyledLine line = new();
        foreach (Column column in _columns)
        {
            string mark = column.Order == order ? "\u25BC" : "";
            line.Add((mark + column.Title).PadLeft(column.Width), TextStyle.Reverse);
        }

        return line.Add((Gap + "site").PadRight(Math.Max(0, width - line.Length)), TextStyle.Reverse);
    }

    /// <summary>Gets the lines of a site: its figures, and the part of its stack that fits.</summary>
    internal IReadOnlyList<StyledLine> Lines(LiveSite site, int most)
    {
        List<StyledLine> lines = [];
        foreach (string frames in Wrap(Folded(site.Frames), most))
        {
            StyledLine line = new();
            foreach (Column column in _columns)
            {
                string text = lines.Count == 0 ? column.Text(site) : "";
                line.Add(text.PadLeft(column.Width), Style(column, site));
            }

            lines.Add(line.Add(Gap + frames));
        }

        return lines;
    }

    /// <summary>Recursion as "f \u00D73".</summary>
    private static List<string> Folded(IReadOnlyList<string> frames)
    {
        List<string> folded = [];
        for (int i = 0, count; i < frames.Count; i += count)
        {
            string frame = frames[i];
            count = frames.Skip(i).TakeWhile(other => other == frame).Count();
            folded.Add(count == 1
                ? frame
                : string.Create(CultureInfo.InvariantCulture, $"{frame} \u00D7{count}"));
        }

        return folded;
    }

    private List<string> Wrap(List<string> frames, int most)
    {
        List<string> lines = [];
        StringBuilder line = new();
        for (int i = 0; i < frames.Count; i++)
        {
            bool isLastLine = lines.Count == most - 1;
            int reserved = i == frames.Count - 1 ? 0 : isLastLine ? More.Length : Separator.Length - 1;
            string next = line.Length == 0 ? frames[i] : Separator + frames[i];
            if (line.Length + next.Length + reserved > _siteWidth && line.Length > 0)
            {
                if (isLastLine)
                {
                    return [.. lines, line + More];
                }

                lines.Add(line + Separator.TrimEnd());
                line.Clear();
                next = frames[i];
                isLastLine = lines.Count == most - 1;
                reserved = i == frames.Count - 1 ? 0 : isLastLine ? More.Length : Separator.Length - 1;
            }

            line.Append(Cut(next, _siteWidth - line.Length - reserved));
        }

        return [.. lines, line.ToString()];
    }

    private static string Cut(string text, int width) =>
        text.Length <= width ? text : text[..Math.Max(0, width - 1)] + Ellipsis;

    private static TextStyle Style(Column column, LiveSite site) =>
        column.Order != LiveOrder.Growth || Math.Abs(site.LiveBytesPerSecond) < 1 ? TextStyle.Plain
        : site.LiveBytesPerSecond > 0 ? TextStyle.Red
        : TextStyle.Green;

    private static int Room(int width, int columns) =>
        width - s_all.Take(columns).Sum(column => column.Width) - Gap.Length;

    private static string Signed(double bytes) =>
        Math.Abs(bytes) < 1 ? "0 B" : (bytes < 0 ? "-" : "+") + ByteSize.Format(Math.Abs(bytes));

    private sealed record Column(string Title, int Width, LiveOrder? Order, Func<LiveSite, string> Text);
}
