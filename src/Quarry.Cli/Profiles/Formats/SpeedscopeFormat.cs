using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>The JSON of speedscope, with a profile for each metric.</summary>
internal sealed class SpeedscopeFormat : IFormat<Profile>
{
    public string Name => "speedscope";

    public string Extension => ".speedscope.json";

    public bool IsText => true;

    public void Write(Profile profile, Stream output, FormatOptions options)
    {
        Dictionary<(string Function, string File, int Line), int> frames = [];
        int[] Indices(IReadOnlyList<Frame> stack) =>
            [.. stack.Reverse().Select(frame => IndexOf(frames, frame))];

        (int[] Stack, SymbolizedSite Site)[] stacks =
        [
            .. profile.Sites.Select(site =>
                (Indices(FoldedStack.Of(site.Frames, options.ShowRuntime)), site)),
        ];
        SiteMetric[] metrics = [.. SiteMetric.All.Where(metric => IsUsed(metric, profile))];
        using Utf8JsonWriter json = new(output);
        json.WriteStartObject();
        json.WriteString("$schema", "https://www.speedscope.app/file-format-schema.json");
        json.WriteString("name", profile.CommandLine);
        json.WriteString("exporter", "quarry");
        json.WriteNumber("activeProfileIndex",
            options.Sort is null ? 0 : Math.Max(0, Array.IndexOf(metrics, options.Sort)));
        json.WriteStartObject("shared");
        json.WriteStartArray("frames");
        foreach ((string function, string file, int line) in frames.Keys)
        {
            WriteFrame(json, function, file, line);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("profiles");
        foreach (SiteMetric metric in metrics)
        {
            WriteProfile(json, metric, stacks);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    /// <summary>The viewer wants at least one profile, and temporary blocks are often not recorded.</summary>
    private static bool IsUsed(SiteMetric metric, Profile profile) =>
        metric != SiteMetric.Temporary || profile.Sites.Any(site => metric.Value(site.Figures) > 0);

    private static void WriteFrame(Utf8JsonWriter json, string function, string file, int line)
    {
        json.WriteStartObject();
        json.WriteString("name", function);
        if (file.Length > 0)
        {
            json.WriteString("file", file);
        }

        if (line > 0)
        {
            json.WriteNumber("line", line);
        }

        json.WriteEndObject();
    }

    private static void WriteProfile(
        Utf8JsonWriter json, SiteMetric metric, (int[] Stack, SymbolizedSite Site)[] stacks)
    {
        (int[] Stack, double Weight)[] samples =
        [
            .. stacks.Select(pair => (pair.Stack, Weight: Math.Round(metric.Value(pair.Site.Figures))))
                .Where(sample => sample.Weight > 0),
        ];
        json.WriteStartObject();
        json.WriteString("type", "sampled");
        json.WriteString("name", metric.Title);
        json.WriteString("unit", metric.IsBytes ? "bytes" : "none");
        json.WriteNumber("startValue", 0);
        json.WriteNumber("endValue", samples.Sum(sample => sample.Weight));
        json.WriteStartArray("samples");
        foreach ((int[] stack, _) in samples)
        {
            json.WriteStartArray();
            Array.ForEach(stack, json.WriteNumberValue);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("weights");
        Array.ForEach(samples, sample => json.WriteNumberValue(sample.Weight));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static int IndexOf(Dictionary<(string Function, string File, int Line), int> frames, Frame frame)
    {
        (string, string, int) key = (frame.Function, frame.File, frame.Line);
        if (!frames.TryGetValue(key, out int index))
        {
            index = frames.Count;
            frames.Add(key, index);
        }

        return index;
    }
}
