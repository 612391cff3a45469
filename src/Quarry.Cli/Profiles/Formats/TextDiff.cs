using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Tools.Output;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>What grew and what shrank, for people.</summary>
internal sealed class TextDiff : IFormat<ProfileDiff>
{
    private const int DefaultTop = 10, LabelWidth = 20, ValueWidth = 12;

    public string Name => "text";

    public string Extension => ".txt";

    public bool IsText => true;

    public void Write(ProfileDiff diff, Stream output, FormatOptions options)
    {
        SiteMetric metric = options.Sort ?? SiteMetric.Live;
        int top = options.Top ?? DefaultTop;
        using StreamWriter writer = PlainText.Writer(output);
        WriteHead(writer, diff);
        DiffSite[] grown = [.. diff.Sites.Where(site => site.Growth(metric) > 0)
            .OrderByDescending(site => site.Growth(metric))];
        DiffSite[] shrunk = [.. diff.Sites.Where(site => site.Growth(metric) < 0)
            .OrderBy(site => site.Growth(metric))];
        WriteSites(writer, "grew", grown, metric, top, options.ShowRuntime);
        WriteSites(writer, "shrank", shrunk, metric, top, options.ShowRuntime);
        if (grown.Length + shrunk.Length == 0)
        {
            writer.WriteLine($"No site differs by {metric.Title}.");
        }
    }

    private static void WriteHead(TextWriter writer, ProfileDiff diff)
    {
        writer.WriteLine($"{diff.Before.Path} -> {diff.After.Path}");
        writer.WriteLine();
        writer.WriteLine("  " + "".PadRight(LabelWidth) + "before".PadLeft(ValueWidth) +
            "after".PadLeft(ValueWidth) + "growth".PadLeft(ValueWidth));
        foreach (SiteMetric metric in SiteMetric.All)
        {
            double before = DiffSite.Sum(diff.Before.Sites, metric);
            double after = DiffSite.Sum(diff.After.Sites, metric);
            if (before > 0 || after > 0)
            {
                writer.WriteLine("  " + metric.Title.PadRight(LabelWidth) +
                    Value(before, metric).PadLeft(ValueWidth) + Value(after, metric).PadLeft(ValueWidth) +
                    Signed(after - before, metric).PadLeft(ValueWidth));
            }
        }

        if (diff.IsSampled)
        {
            writer.WriteLine("  The figures of sites are estimates ± standard error.");
        }

        writer.WriteLine();
    }

    private static void WriteSites(
        TextWriter writer, string verb, DiffSite[] sites, SiteMetric metric, int top, bool showRuntime)
    {
        if (sites.Length == 0)
        {
            return;
        }

        writer.WriteLine(FigureText.Invariant(
            $"Top {Math.Min(top, sites.Length)} of {FigureText.Count(sites.Length, "site")} that {verb}, ") +
            $"by {metric.Title}");
        writer.WriteLine();
        foreach (DiffSite site in sites.Take(top))
        {
            writer.WriteLine("  " + Figures(site, metric));
            TextSites.WriteStack(writer, FoldedStack.Of(site.Frames, showRuntime));
        }
    }

    private static string Figures(DiffSite site, SiteMetric metric)
    {
        double error = site.Error(metric), blocks = site.BlocksGrowth(metric);
        List<string> parts = [Signed(site.Growth(metric), metric)];
        if (error > 0)
        {
            parts.Add("± " + ByteSize.Format(error));
        }

        if (metric.IsBytes)
        {
            parts.Add($"in {(blocks > 0 ? "+" : "")}{FigureText.Count(blocks, "block")}");
        }

        parts.Add(site.Before.Count == 0 ? "(new)"
            : site.After.Count == 0 ? "(gone)"
            : $"({Value(DiffSite.Sum(site.Before, metric), metric)} before)");
        return string.Join(' ', parts);
    }

    private static string Signed(double value, SiteMetric metric) =>
        (value > 0 ? "+" : "") + Value(value, metric);

    private static string Value(double value, SiteMetric metric) =>
        metric.IsBytes ? ByteSize.Format(value) : FigureText.Invariant($"{Math.Round(value):N0}");
}
