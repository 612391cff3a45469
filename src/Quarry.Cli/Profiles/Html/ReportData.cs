using System;
using System.Collections.Generic;
using System.Text.Json;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Html;

/// <summary>Writes a profile as the data of a report.</summary>
internal static class ReportData
{
    /// <summary>Writes the JSON.</summary>
    internal static string Write(Profile profile) => PageJson.Write(writer =>
    {
        writer.WriteString("kind", "profile");
        writer.WriteString("title", profile.ProgramName);
        writer.WriteString("generator", RunData.Generator);
        RunData.Write(writer, profile);
        WriteStatistics(writer, profile.File.Statistics);
        WriteManagedTotals(writer, profile.Managed);
        WriteTimeline(writer, profile.File.Timeline);
        WriteThreads(writer, profile.File.Threads);
        WriteSizeClasses(writer, profile.File.SizeClasses);
        FrameTable frames = new(withoutFolders: false);
        writer.WriteStartArray("sets");
        WriteNative(writer, profile, frames);
        if (profile.Managed is not null)
        {
            WriteManaged(writer, profile.Managed, frames);
        }

        WriteEvents(writer, profile.AdHocSites, frames);
        writer.WriteEndArray();
        frames.Write(writer);
    });

    private static void WriteStatistics(Utf8JsonWriter writer, RecordedStatistics statistics)
    {
        writer.WriteStartObject("statistics");
        writer.WriteNumber("inUse", statistics.InUseBytes);
        writer.WriteNumber("used", statistics.UsedBytes);
        writer.WriteNumber("committed", statistics.CommittedBytes);
        writer.WriteNumber("resident", statistics.ResidentBytes);
        writer.WriteNumber("peakResident", statistics.PeakResidentBytes);
        writer.WriteEndObject();
    }

    private static void WriteManagedTotals(Utf8JsonWriter writer, ManagedAllocations? managed)
    {
        if (managed is not null)
        {
            writer.WriteStartObject("managed");
            writer.WriteFinite("bytes", managed.Bytes);
            writer.WriteFinite("error", managed.Error);
            writer.WriteNumber("heap", managed.HeapBytes);
            writer.WriteEndObject();
        }
    }

    private static void WriteTimeline(Utf8JsonWriter writer, IReadOnlyList<RecordedPoint> points)
    {
        writer.WriteStartObject("timeline");
        writer.WriteColumn("time", points, p => PageJson.Nanoseconds(p.Time));
        writer.WriteColumn("live", points, p => p.LiveBytes);
        writer.WriteColumn("inUse", points, p => p.InUseBytes);
        writer.WriteColumn("committed", points, p => p.CommittedBytes);
        writer.WriteColumn("resident", points, p => p.ResidentBytes);
        writer.WriteEndObject();
    }

    private static void WriteThreads(Utf8JsonWriter writer, IReadOnlyList<RecordedThread> threads)
    {
        writer.WriteStartArray("threads");
        foreach (RecordedThread thread in threads)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", thread.ThreadId);
            writer.WriteString("name", thread.Name);
            writer.WriteNumber("bytes", thread.Bytes);
            writer.WriteFinite("blocks", thread.Blocks);
            writer.WriteNumber("freed", thread.FreedBytes);
            writer.WriteTime("first", thread.FirstTime);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSizeClasses(Utf8JsonWriter writer, IReadOnlyList<RecordedSizeClass> classes)
    {
        writer.WriteStartArray("sizeClasses");
        foreach (RecordedSizeClass sizeClass in classes)
        {
            writer.WriteStartObject();
            writer.WriteNumber("size", sizeClass.BlockSize);
            writer.WriteNumber("inUse", sizeClass.InUseBlocks);
            writer.WriteNumber("allocations", sizeClass.Allocations);
            writer.WriteNumber("pages", sizeClass.PageBytes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNative(Utf8JsonWriter writer, Profile profile, FrameTable frames)
    {
        IReadOnlyList<SymbolizedSite> sites = profile.Sites;
        void Column(string name, Func<RecordedSite, double> value) =>
            writer.WriteColumn(name, sites, site => value(site.Figures));

        WriteSet(writer, "Native heap", sites, site => site.Frames, frames, () =>
        {
            Column("live", site => site.LiveBytes);
            Column("liveBlocks", site => site.LiveBlocks);
            Column("liveError", site => site.LiveBytesError);
            Column("peak", site => site.AtPeakBytes);
            Column("total", site => site.Bytes);
            Column("blocks", site => site.Blocks);
            Column("totalError", site => site.BytesError);
            Column("usable", site => site.UsableBytes);
            Column("max", site => site.MaxBytes);
            Column("lifetime", MeanLifetime);
            Column("minSize", site => site.MinSize);
            Column("maxSize", site => site.MaxSize);
            Column("first", site => PageJson.Nanoseconds(site.FirstTime));
            Column("last", site => PageJson.Nanoseconds(site.LastTime));

            // What is not recorded has no column, and the page does not offer it.
            Column(profile.IsSampled ? "samples" : "temporary",
                profile.IsSampled ? site => site.Samples : site => site.TemporaryBlocks);
        });
    }

    private static void WriteManaged(Utf8JsonWriter writer, ManagedAllocations managed, FrameTable frames) =>
        WriteSet(writer, "Managed allocations", managed.Sites, site => site.Frames, frames, () =>
        {
            writer.WriteColumn("total", managed.Sites, site => site.Bytes);
            writer.WriteColumn("totalError", managed.Sites, site => site.Error);
            writer.WriteColumn("blocks", managed.Sites, site => site.Objects);
            writer.WriteColumn("samples", managed.Sites, site => site.Samples);
            writer.WriteColumn("type", managed.Sites, site => frames.IndexOf(site.Type));
        });

    private static void WriteEvents(
        Utf8JsonWriter writer, IReadOnlyList<SymbolizedSite> sites, FrameTable frames)
    {
        if (sites.Count > 0)
        {
            WriteSet(writer, "Events", sites, site => site.Frames, frames, () =>
            {
                writer.WriteColumn("weight", sites, site => site.Figures.Bytes);
                writer.WriteColumn("events", sites, site => site.Figures.Blocks);
            });
        }
    }

    /// <summary>Writes a data set: the call tree of its sites, and a column for each figure.</summary>
    internal static void WriteSet<T>(
        Utf8JsonWriter writer,
        string label,
        IReadOnlyList<T> sites,
        Func<T, IReadOnlyList<Frame>> stack,
        FrameTable frames,
        Action writeColumns)
    {
        CallTree tree = new(frames);
        writer.WriteStartObject();
        writer.WriteString("label", label);
        writer.WriteStartObject("sites");
        writer.WriteColumn("node", sites, site => tree.Add(stack(site)));
        writeColumns();
        writer.WriteEndObject();
        tree.Write(writer);
        writer.WriteEndObject();
    }

    private static double MeanLifetime(RecordedSite site)
    {
        double freed = site.Blocks - site.LiveBlocks;
        return freed > 0 ? PageJson.Nanoseconds(site.Lifetimes) / freed : 0;
    }
}
