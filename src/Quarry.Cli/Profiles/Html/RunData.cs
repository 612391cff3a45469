using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Commands;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Html;

/// <summary>Writes what a page states about a run: the program, the recording, and the sums.</summary>
internal static class RunData
{
    /// <summary>The text at the foot of each page.</summary>
    internal static string Generator => $"Written by quarry {VersionAction.Version}.";

    /// <summary>Writes the properties <c>run</c>, <c>totals</c> and <c>losses</c>.</summary>
    internal static void Write(Utf8JsonWriter writer, Profile profile)
    {
        ProfileFile file = profile.File;
        writer.WriteStartObject("run");
        writer.WriteString("command", profile.CommandLine);
        writer.WriteNumber("processId", file.ProcessId);
        writer.WriteString("started", file.StartTime);
        writer.WriteTime("duration", file.Duration);
        writer.WriteTime("peakTime", file.Totals.PeakTime);
        writer.WriteString("mode", Mode(profile));
        writer.WriteNumber("sampleInterval", file.SampleInterval);
        writer.WriteNumber("largestSampleInterval", file.LargestSampleInterval);
        writer.WriteBoolean("ended", file.HasEnded);
        writer.WriteEndObject();
        WriteTotals(writer, profile);
        WriteLosses(writer, file.Losses);
    }

    private static string Mode(Profile profile) =>
        profile.IsSampled ? "sampled" : profile.File.Totals.Samples > 0 ? "exact" : "off";

    private static void WriteTotals(Utf8JsonWriter writer, Profile profile)
    {
        RecordedTotals totals = profile.File.Totals;
        List<RecordedSite> sites = [.. profile.Sites.Select(site => site.Figures)];
        writer.WriteStartObject("totals");
        writer.WriteNumber("live", totals.LiveBytes);
        writer.WriteFinite("liveBlocks", totals.LiveBlocks);
        writer.WriteFinite("liveError", ErrorOfSum(sites.Select(site => site.LiveBytesError)));
        writer.WriteNumber("peak", totals.PeakBytes);
        writer.WriteFinite("peakBlocks", totals.PeakBlocks);
        writer.WriteNumber("total", totals.Bytes);
        writer.WriteFinite("blocks", totals.Blocks);
        writer.WriteFinite("totalError", ErrorOfSum(sites.Select(site => site.BytesError)));
        writer.WriteFinite("temporary", sites.Sum(site => site.TemporaryBlocks));
        writer.WriteNumber("samples", totals.Samples);
        writer.WriteEndObject();
    }

    private static void WriteLosses(Utf8JsonWriter writer, RecordedLosses losses)
    {
        writer.WriteStartObject("losses");
        writer.WriteNumber("nested", losses.Nested);
        writer.WriteNumber("noRoom", losses.NoRoom);
        writer.WriteNumber("truncated", losses.Truncated);
        writer.WriteNumber("incomplete", losses.Incomplete);
        writer.WriteEndObject();
    }

    /// <summary>The standard error of a sum of independent figures.</summary>
    internal static double ErrorOfSum(IEnumerable<double> errors) =>
        Math.Sqrt(errors.Sum(error => error * error));
}
