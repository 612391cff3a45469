using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Html;

/// <summary>Writes two profiles as the data of a comparison.</summary>
/// <remarks>
/// Stacks are equal if their functions are: addresses differ between runs, and lines between builds.
/// </remarks>
internal static class ComparisonData
{
    internal static string Title(Profile before, Profile after) =>
        $"{after.ProgramName}: {Path.GetFileName(before.Path)} \u2192 {Path.GetFileName(after.Path)}";

    /// <summary>Writes the JSON.</summary>
    internal static string Write(Profile before, Profile after) => PageJson.Write(writer =>
    {
        writer.WriteString("kind", "comparison");
        writer.WriteString("title", Title(before, after));
        writer.WriteString("generator", RunData.Generator);
        WriteRun(writer, "before", before);
        WriteRun(writer, "after", after);

        FrameTable frames = new(byFunction: true);
        CallTree tree = new(frames);

        // The later profile first: the page shows the lines of the frames that are added first.
        Dictionary<int, SiteSums> afterSums = SumByNode(after, tree);
        Dictionary<int, SiteSums> beforeSums = SumByNode(before, tree);
        List<int> nodes = [.. afterSums.Keys.Union(beforeSums.Keys)];
        writer.WriteStartArray("sets");
        writer.WriteStartObject();
        writer.WriteString("label", "Native heap");
        writer.WriteStartObject("sites");
        writer.WriteColumn("node", nodes, node => node);
        WriteColumns(writer, "", [.. nodes.Select(node => afterSums.GetValueOrDefault(node))]);
        WriteColumns(writer, "Before", [.. nodes.Select(node => beforeSums.GetValueOrDefault(node))]);
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

    private static Dictionary<int, SiteSums> SumByNode(Profile profile, CallTree tree)
    {
        Dictionary<int, SiteSums> sums = [];
        foreach (SymbolizedSite site in RunData.Allocations(profile))
        {
            int node = tree.Add(site.Frames);
            sums[node] = sums.GetValueOrDefault(node).Add(site.Figures);
        }

        return sums;
    }

    private static void WriteColumns(Utf8JsonWriter writer, string suffix, IReadOnlyList<SiteSums> sums)
    {
        writer.WriteColumn("live" + suffix, sums, s => s.Live);
        writer.WriteColumn("liveError" + suffix, sums, s => Math.Sqrt(s.LiveVariance));
        writer.WriteColumn("peak" + suffix, sums, s => s.Peak);
        writer.WriteColumn("total" + suffix, sums, s => s.Total);
        writer.WriteColumn("totalError" + suffix, sums, s => Math.Sqrt(s.TotalVariance));
        writer.WriteColumn("blocks" + suffix, sums, s => s.Blocks);
    }

    /// <summary>The sums of the sites that have the same functions in their stacks.</summary>
    private readonly record struct SiteSums(
        double Live, double LiveVariance, double Peak, double Total, double TotalVariance, double Blocks)
    {
        internal SiteSums Add(RecordedSite site) => new(
            Live + site.LiveBytes,
            LiveVariance + (site.LiveBytesError * site.LiveBytesError),
            Peak + site.AtPeakBytes,
            Total + site.Bytes,
            TotalVariance + (site.BytesError * site.BytesError),
            Blocks + site.Blocks);
    }
}
