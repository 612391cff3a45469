using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>Writes the top sites of the text format.</summary>
internal sealed class TextSites(TextWriter writer, Profile profile, IReadOnlyList<SiteGroup> groups)
{
    private const int MaxFrames = 12;

    internal void Write(SiteMetric metric, int top)
    {
        double whole = groups.Sum(group => group.Value(metric));
        bool leaks = metric == SiteMetric.Live && profile.File.HasEnded;
        SiteGroup[] shown = Top(groups, metric, top);
        int all = groups.Count(group => group.Value(metric) > 0);
        WriteHeading(leaks ? "not freed" : metric.Title, shown.Length, all);
        foreach (SiteGroup group in shown)
        {
            writer.WriteLine("  " + Figures(group, metric, whole));
            WriteStack(writer, group.Frames);
        }
    }

    internal void WriteAdHoc(int top, bool showRuntime)
    {
        IReadOnlyList<SiteGroup> events = SiteGroup.Of(profile.AdHocSites, showRuntime);
        if (events.Count == 0)
        {
            return;
        }

        SiteGroup[] shown = Top(events, SiteMetric.Total, top);
        WriteHeading("ad hoc events", shown.Length, events.Count);
        foreach (SiteGroup group in shown)
        {
            double weight = group.Value(SiteMetric.Total);
            string count = FigureText.Count(group.Blocks(SiteMetric.Total), "event");
            writer.WriteLine(FigureText.Invariant($"  weight {weight:N0} in {count}"));
            WriteStack(writer, group.Frames);
        }
    }

    /// <summary>Writes a stack, of which a long one loses frames in the middle.</summary>
    internal static void WriteStack(TextWriter writer, IReadOnlyList<Frame> frames)
    {
        int outer = frames.Count > MaxFrames ? MaxFrames / 4 : 0;
        int inner = frames.Count > MaxFrames ? MaxFrames - outer : frames.Count;
        foreach (Frame frame in frames.Take(inner))
        {
            WriteFrame(writer, frame);
        }

        if (outer > 0)
        {
            writer.WriteLine($"      ... {FigureText.Count(frames.Count - inner - outer, "frame")} ...");
        }

        foreach (Frame frame in frames.Skip(frames.Count - outer))
        {
            WriteFrame(writer, frame);
        }

        writer.WriteLine();
    }

    private static SiteGroup[] Top(IReadOnlyList<SiteGroup> groups, SiteMetric metric, int top) =>
    [
        .. groups.Where(group => group.Value(metric) > 0)
            .OrderByDescending(group => group.Value(metric))
            .ThenBy(group => group.Frames[0].Function, StringComparer.Ordinal)
            .Take(top),
    ];

    private void WriteHeading(string title, int shown, int all) => writer.WriteLine(
        FigureText.Invariant($"Top {shown} of {FigureText.Count(all, "site")} by {title}\n"));

    private static string Figures(SiteGroup group, SiteMetric metric, double whole)
    {
        double value = group.Value(metric), blocks = group.Blocks(metric);
        string share = FigureText.Share(value, whole);
        if (!metric.IsBytes)
        {
            return $"{FigureText.Count(value, "block")} ({share})";
        }

        string size = FigureText.Bytes(value, group.Error(metric));
        string average = blocks > 0 ? $" of {FigureText.Bytes(value / blocks)}" : "";
        return $"{size} ({share}) in {FigureText.Count(blocks, "block")}{average}";
    }

    private static void WriteFrame(TextWriter writer, Frame frame)
    {
        string place = frame.Source.Length > 0 ? frame.Source : Module(frame);
        string inlined = frame.IsInlined ? ", inlined" : "";
        string suffix = place.Length > 0 || inlined.Length > 0 ? $"  ({place}{inlined})" : "";
        writer.WriteLine($"      {PlainText.OneLine(frame.Function)}{PlainText.OneLine(suffix)}");
    }

    /// <summary>The module, unless the name of the function begins with it.</summary>
    private static string Module(Frame frame) =>
        frame.Function.StartsWith(frame.ModuleName + "!", StringComparison.Ordinal) ? "" : frame.ModuleName;
}
