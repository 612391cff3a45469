using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Html;

/// <summary>Writes the difference of two profiles as the data of a comparison.</summary>
internal static class ComparisonData
{
    private static readonly (string Column, SiteMetric Metric)[] s_metrics =
    [
        ("live", SiteMetric.Live),
        ("peak", SiteMetric.Peak),
        ("total", SiteMetric.Total),
        ("blocks", SiteMetric.Count),
    ];

    internal static string Title(ProfileDiff diff) =>
        $"{diff.After.ProgramName}: " +
        $"{Path.GetFileName(diff.Before.Path)} \u2192 {Path.GetFileName(diff.After.Path)}";

    /// <summary>Writes the JSON.</summary>
    internal static string Write(ProfileDiff diff) => PageJson.Write(writer =>
    {
        writer.WriteString("kind", "comparison");
        writer.WriteString("title", Title(diff));
        writer.WriteString("generator", RunData.Generator);
        WriteRun(writer, "before", diff.Before);
        WriteRun(writer, "after", diff.After);

        // The same module may have been in another folder.
        FrameTable frames = new(withoutFolders: true);
        CallTree tree = new(frames);
        writer.WriteStartArray("sets");
        writer.WriteStartObject();
        writer.WriteString("label", "Native heap");
        writer.WriteStartObject("sites");
        writer.WriteColumn("node", diff.Sites, site => tree.Add(site.Frames));
        WriteColumns(writer, "", diff.Sites, site => site.After);
        WriteColumns(writer, "Before", diff.Sites, site => site.Before);
        writer.WriteEndObject();
        tree.Write(writer);
        writer.WriteEndObject();
        writer.WriteEndArray();
        frames.Write(writer);
    });

    private static void WriteRun(Utf8JsonWriter writer, string name, Profile profile)
    {
        writer.WriteStartObject(name);
        RunData.Write(writer, profile);
        writer.WriteEndObject();
    }

    private static void WriteColumns(
        Utf8JsonWriter writer,
        string suffix,
        IReadOnlyList<DiffSite> sites,
        Func<DiffSite, IReadOnlyList<SymbolizedSite>> side)
    {
        foreach ((string column, SiteMetric metric) in s_metrics)
        {
            writer.WriteColumn(column + suffix, sites, site => DiffSite.Sum(side(site), metric));
            writer.WriteColumn($"{column}Error{suffix}", sites, site =>
                RunData.ErrorOfSum(side(site).Select(part => metric.Error(part.Figures))));
        }
    }
}
