using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>The JSON of valgrind's DHAT, version 2, for its viewer dh_view.html.</summary>
/// <remarks>
/// The figures of an exact profile are those of DHAT, but for times, which are in microseconds instead of
/// instructions, and for the maxima of sites (mb, mbk): DHAT updates them only while the whole heap is at a
/// new peak, so that they miss the maxima of most sites.
/// </remarks>
internal sealed class DhatFormat : IFormat<Profile>
{
    // Blocks that lived for less are called short-lived, as in DHAT, where the unit is 1 instruction.
    private const int ShortLivedMicroseconds = 500;

    public string Name => "dhat";

    public string Extension => ".dhat.json";

    public bool IsText => true;

    public void Write(Profile profile, Stream output, FormatOptions options)
    {
        ProfileFile file = profile.File;
        long end = Microseconds(file.Duration);
        StringTable frames = new("[root]");
        using Utf8JsonWriter json = new(output);
        json.WriteStartObject();
        json.WriteNumber("dhatFileVersion", 2);
        json.WriteString("mode", profile.IsSampled ? "sampled heap" : "heap");
        json.WriteString("verb", "Allocated");
        json.WriteBoolean("bklt", true);
        json.WriteBoolean("bkacc", false);
        json.WriteString("tu", "µs");
        json.WriteString("Mtu", "s");
        json.WriteNumber("tuth", ShortLivedMicroseconds);
        json.WriteString("cmd", profile.CommandLine);
        json.WriteNumber("pid", file.ProcessId);
        json.WriteNumber("tg", Math.Min(end, Microseconds(file.Totals.PeakTime)));
        json.WriteNumber("te", end);
        json.WriteStartArray("pps");
        foreach ((string stack, RecordedSite[] sites) in Stacks(profile, frames))
        {
            WriteSite(json, sites, file.Duration);
            json.WritePropertyName("fs");
            json.WriteRawValue($"[{stack}]");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        frames.Write(json, "ftbl");
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    /// <summary>The viewer rejects two entries with the same frames.</summary>
    private static IEnumerable<(string Stack, RecordedSite[] Sites)> Stacks(
        Profile profile, StringTable frames) => profile.Sites
            .GroupBy(site => string.Join(',', site.Frames.Select(frame => frames.IndexOf(Text(frame)))))
            .Select(group => (group.Key, group.Select(site => site.Figures).ToArray()));

    private static void WriteSite(Utf8JsonWriter json, RecordedSite[] sites, TimeSpan end)
    {
        void Number(string name, Func<RecordedSite, double> value) =>
            json.WriteNumber(name, (long)Math.Round(sites.Sum(value)));

        json.WriteStartObject();
        Number("tb", site => site.Bytes);
        Number("tbk", site => site.Blocks);
        Number("tl", site => Lifetimes(site, end));
        Number("mb", site => site.MaxBytes);
        Number("mbk", site => site.MaxBlocks);
        Number("gb", site => site.AtPeakBytes);
        Number("gbk", site => site.AtPeakBlocks);
        Number("eb", site => site.LiveBytes);
        Number("ebk", site => site.LiveBlocks);
    }

    /// <summary>In DHAT, a block in use has lived until the end.</summary>
    private static double Lifetimes(RecordedSite site, TimeSpan end)
    {
        double live = (site.LiveBlocks * end.TotalMicroseconds) - site.LiveTimes.TotalMicroseconds;
        return site.Lifetimes.TotalMicroseconds + Math.Max(live, 0);
    }

    private static long Microseconds(TimeSpan time) => (long)time.TotalMicroseconds;

    private static string Text(Frame frame)
    {
        string place = frame.Source.Length > 0 ? frame.Source
            : frame.Module.Length > 0 ? "in " + frame.Module
            : "";
        string suffix = place.Length > 0 ? $" ({place})" : "";
        return string.Create(CultureInfo.InvariantCulture, $"0x{frame.Address:X}: {frame.Function}{suffix}");
    }
}
