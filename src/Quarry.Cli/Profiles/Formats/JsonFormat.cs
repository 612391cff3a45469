using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>
/// All of a profile as JSON for programs. Sizes are in bytes, times in seconds; the schema is that of the
/// format page, and grows only by new properties.
/// </summary>
internal sealed class JsonFormat : IFormat<Profile>
{
    public string Name => "json";

    public string Extension => ".json";

    public bool IsText => true;

    public void Write(Profile profile, Stream output, FormatOptions options)
    {
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("version", 1);
        JsonParts.WriteProcess(json, profile);
        JsonParts.WriteTotals(json, profile.File.Totals);
        JsonParts.WriteStatistics(json, profile.File.Statistics);
        JsonParts.WriteLosses(json, profile.File.Losses);
        FrameTable frames = new();
        WriteSites(json, "sites", Ordered(profile.Sites, options), frames);
        WriteSites(json, "ad_hoc_sites", Ordered(profile.AdHocSites, options), frames);
        JsonParts.WriteThreads(json, profile.File.Threads);
        JsonParts.WriteTimeline(json, profile.File.Timeline);
        JsonParts.WriteSizeClasses(json, profile.File.SizeClasses);
        WriteManaged(json, profile.Managed, frames);
        frames.Write(json);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static IEnumerable<SymbolizedSite> Ordered(
        IReadOnlyList<SymbolizedSite> sites, FormatOptions options)
    {
        SiteMetric metric = options.Sort ?? SiteMetric.Live;
        IEnumerable<SymbolizedSite> ordered = sites.OrderByDescending(site => metric.Value(site.Figures));
        return options.Top is { } top ? ordered.Take(top) : ordered;
    }

    private static void WriteSites(
        Utf8JsonWriter json, string name, IEnumerable<SymbolizedSite> sites, FrameTable frames)
    {
        json.WriteStartArray(name);
        foreach (SymbolizedSite site in sites)
        {
            RecordedSite figures = site.Figures;
            json.WriteStartObject();
            json.WriteNumber("bytes", figures.Bytes);
            json.WriteNumber("bytes_error", Math.Round(figures.BytesError));
            json.WriteNumber("blocks", figures.Blocks);
            json.WriteNumber("usable_bytes", figures.UsableBytes);
            json.WriteNumber("live_bytes", figures.LiveBytes);
            json.WriteNumber("live_bytes_error", Math.Round(figures.LiveBytesError));
            json.WriteNumber("live_blocks", figures.LiveBlocks);
            json.WriteNumber("live_usable_bytes", figures.LiveUsableBytes);
            json.WriteNumber("max_bytes", figures.MaxBytes);
            json.WriteNumber("max_blocks", figures.MaxBlocks);
            json.WriteNumber("at_peak_bytes", figures.AtPeakBytes);
            json.WriteNumber("at_peak_blocks", figures.AtPeakBlocks);
            json.WriteNumber("lifetimes_seconds", figures.Lifetimes.TotalSeconds);
            json.WriteNumber("temporary_blocks", figures.TemporaryBlocks);
            json.WriteNumber("samples", figures.Samples);
            json.WriteNumber("live_samples", figures.LiveSamples);
            json.WriteNumber("min_size", figures.MinSize);
            json.WriteNumber("max_size", figures.MaxSize);
            json.WriteNumber("first_time", figures.FirstTime.TotalSeconds);
            json.WriteNumber("last_time", figures.LastTime.TotalSeconds);
            json.WriteBoolean("truncated", figures.Stack.IsTruncated);
            json.WriteBoolean("incomplete", figures.Stack.IsIncomplete);
            frames.WriteStack(json, site.Frames);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteManaged(Utf8JsonWriter json, ManagedAllocations? managed, FrameTable frames)
    {
        if (managed is null)
        {
            json.WriteNull("managed");
            return;
        }

        json.WriteStartObject("managed");
        json.WriteNumber("interval", managed.Interval);
        json.WriteNumber("bytes", managed.Bytes);
        json.WriteNumber("bytes_error", Math.Round(managed.Error));
        json.WriteNumber("heap_bytes", managed.HeapBytes);
        json.WriteStartArray("sites");
        foreach (ManagedSite site in managed.Sites)
        {
            json.WriteStartObject();
            json.WriteString("type", site.Type);
            json.WriteNumber("bytes", site.Bytes);
            json.WriteNumber("bytes_error", Math.Round(site.Error));
            json.WriteNumber("objects", site.Objects);
            json.WriteNumber("samples", site.Samples);
            frames.WriteStack(json, site.Frames);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
