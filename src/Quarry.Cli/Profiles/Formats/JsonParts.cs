using System.Collections.Generic;
using System.Text.Json;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>Writes the parts of a profile in JSON that have no stacks.</summary>
internal static class JsonParts
{
    internal static void WriteProcess(Utf8JsonWriter json, Profile profile)
    {
        ProfileFile file = profile.File;
        json.WriteString("program", file.Program);
        json.WriteStartArray("arguments");
        foreach (string argument in file.Arguments)
        {
            json.WriteStringValue(argument);
        }

        json.WriteEndArray();
        json.WriteNumber("process_id", file.ProcessId);
        json.WriteNumber("parent_id", file.ParentId);
        json.WriteString("mode", file.Mode switch
        {
            RecordingMode.Sampled => "sampled",
            RecordingMode.Exact => "exact",
            _ => "off",
        });
        json.WriteBoolean("sampled", profile.IsSampled);
        json.WriteNumber("sample_interval", file.SampleInterval);
        json.WriteNumber("largest_sample_interval", file.LargestSampleInterval);
        json.WriteString("start_time", file.StartTime);
        json.WriteNumber("duration", file.Duration.TotalSeconds);
        json.WriteBoolean("ended", file.HasEnded);
    }

    internal static void WriteTotals(Utf8JsonWriter json, RecordedTotals totals)
    {
        json.WriteStartObject("totals");
        json.WriteNumber("bytes", totals.Bytes);
        json.WriteNumber("blocks", totals.Blocks);
        json.WriteNumber("live_bytes", totals.LiveBytes);
        json.WriteNumber("live_blocks", totals.LiveBlocks);
        json.WriteNumber("peak_bytes", totals.PeakBytes);
        json.WriteNumber("peak_blocks", totals.PeakBlocks);
        json.WriteNumber("peak_time", totals.PeakTime.TotalSeconds);
        json.WriteNumber("samples", totals.Samples);
        json.WriteEndObject();
    }

    internal static void WriteStatistics(Utf8JsonWriter json, RecordedStatistics statistics)
    {
        json.WriteStartObject("statistics");
        json.WriteNumber("in_use_bytes", statistics.InUseBytes);
        json.WriteNumber("in_use_blocks", statistics.InUseBlocks);
        json.WriteNumber("used_bytes", statistics.UsedBytes);
        json.WriteNumber("peak_used_bytes", statistics.PeakUsedBytes);
        json.WriteNumber("committed_bytes", statistics.CommittedBytes);
        json.WriteNumber("resident_bytes", statistics.ResidentBytes);
        json.WriteNumber("peak_resident_bytes", statistics.PeakResidentBytes);
        json.WriteNumber("allocations", statistics.Allocations);
        json.WriteNumber("frees", statistics.Frees);
        json.WriteNumber("allocated_bytes", statistics.AllocatedBytes);
        json.WriteNumber("threads", statistics.Threads);
        json.WriteNumber("processor_time", statistics.ProcessorTime.TotalSeconds);
        json.WriteEndObject();
    }

    internal static void WriteLosses(Utf8JsonWriter json, RecordedLosses losses)
    {
        json.WriteStartObject("losses");
        json.WriteNumber("nested", losses.Nested);
        json.WriteNumber("no_room", losses.NoRoom);
        json.WriteNumber("truncated", losses.Truncated);
        json.WriteNumber("incomplete", losses.Incomplete);
        json.WriteEndObject();
    }

    internal static void WriteThreads(Utf8JsonWriter json, IReadOnlyList<RecordedThread> threads)
    {
        json.WriteStartArray("threads");
        foreach (RecordedThread thread in threads)
        {
            json.WriteStartObject();
            json.WriteNumber("id", thread.ThreadId);
            json.WriteString("name", thread.Name);
            json.WriteNumber("bytes", thread.Bytes);
            json.WriteNumber("blocks", thread.Blocks);
            json.WriteNumber("freed_bytes", thread.FreedBytes);
            json.WriteNumber("first_time", thread.FirstTime.TotalSeconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void WriteTimeline(Utf8JsonWriter json, IReadOnlyList<RecordedPoint> points)
    {
        json.WriteStartArray("timeline");
        foreach (RecordedPoint point in points)
        {
            json.WriteStartObject();
            json.WriteNumber("time", point.Time.TotalSeconds);
            json.WriteNumber("live_bytes", point.LiveBytes);
            json.WriteNumber("bytes", point.Bytes);
            json.WriteNumber("in_use_bytes", point.InUseBytes);
            json.WriteNumber("committed_bytes", point.CommittedBytes);
            json.WriteNumber("resident_bytes", point.ResidentBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void WriteSizeClasses(Utf8JsonWriter json, IReadOnlyList<RecordedSizeClass> classes)
    {
        json.WriteStartArray("size_classes");
        foreach (RecordedSizeClass sizeClass in classes)
        {
            json.WriteStartObject();
            json.WriteNumber("block_size", sizeClass.BlockSize);
            json.WriteNumber("in_use_blocks", sizeClass.InUseBlocks);
            json.WriteNumber("allocations", sizeClass.Allocations);
            json.WriteNumber("page_bytes", sizeClass.PageBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
