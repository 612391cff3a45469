using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>The sites of two profiles side by side, as JSON for programs.</summary>
internal sealed class JsonDiff : IFormat<ProfileDiff>
{
    public string Name => "json";

    public string Extension => ".json";

    public bool IsText => true;

    public void Write(ProfileDiff diff, Stream output, FormatOptions options)
    {
        SiteMetric metric = options.Sort ?? SiteMetric.Live;
        IEnumerable<DiffSite> sites = diff.Sites.OrderByDescending(site => site.Growth(metric));
        FrameTable frames = new();
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("version", 1);
        WriteProfile(json, "before", diff.Before);
        WriteProfile(json, "after", diff.After);
        json.WriteStartArray("sites");
        foreach (DiffSite site in options.Top is { } top ? sites.Take(top) : sites)
        {
            json.WriteStartObject();
            WriteFigures(json, "before", site.Before);
            WriteFigures(json, "after", site.After);
            json.WriteNumber("growth", site.Growth(metric));
            json.WriteNumber("growth_error", Math.Round(site.Error(metric)));
            frames.WriteStack(json, site.Frames);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        frames.Write(json);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteProfile(Utf8JsonWriter json, string name, Profile profile)
    {
        json.WriteStartObject(name);
        json.WriteString("file", profile.Path);
        JsonParts.WriteProcess(json, profile);
        JsonParts.WriteTotals(json, profile.File.Totals);
        JsonParts.WriteStatistics(json, profile.File.Statistics);
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, string name, IReadOnlyList<SymbolizedSite> sites)
    {
        json.WriteStartObject(name);
        json.WriteNumber("bytes", sites.Sum(site => site.Figures.Bytes));
        json.WriteNumber("blocks", sites.Sum(site => site.Figures.Blocks));
        json.WriteNumber("live_bytes", sites.Sum(site => site.Figures.LiveBytes));
        json.WriteNumber("live_blocks", sites.Sum(site => site.Figures.LiveBlocks));
        json.WriteNumber("at_peak_bytes", sites.Sum(site => site.Figures.AtPeakBytes));
        json.WriteNumber("at_peak_blocks", sites.Sum(site => site.Figures.AtPeakBlocks));
        json.WriteNumber("temporary_blocks", sites.Sum(site => site.Figures.TemporaryBlocks));
        json.WriteEndObject();
    }
}
