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
        writer.WriteStartArray("sets");
        ReportData.WriteSet(writer, "Native heap", diff.Sites, site => site.Frames, frames, () =>
        {
            WriteColumns(writer, "", diff.Sites, site => site.After);
            WriteColumns(writer, "Before", diff.Sites, site => site.Before);
        });
        if (diff.Managed is { } managed)
        {
            ReportData.WriteSet(writer, "Managed allocations", managed, site => site.Frames, frames, () =>
            {
                WriteColumns(writer, "", managed, site => site.After);
                WriteColumns(writer, "Before", managed, site => site.Before);
                writer.WriteColumn("type", managed, site => frames.IndexOf(site.Type));
            });
        }

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

    private static void WriteColumns(
        Utf8JsonWriter writer,
        string suffix,
        IReadOnlyList<ManagedDiffSite> sites,
        Func<ManagedDiffSite, IReadOnlyList<ManagedSite>> side)
    {
        writer.WriteColumn("total" + suffix, sites, site => side(site).Sum(part => part.Bytes));
        writer.WriteColumn("totalError" + suffix, sites, site =>
            RunData.ErrorOfSum(side(site).Select(part => part.Error)));
        writer.WriteColumn("blocks" + suffix, sites, site => side(site).Sum(part => part.Objects));
    }
}
