using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;
using Quarry.Tools.Output;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>Writes the head of the text format: the process, its memory, and what is missing.</summary>
internal static class TextSummary
{
    private const int LabelWidth = 16, ValueWidth = 24, TopTypes = 5;

    internal static void Write(TextWriter writer, Profile profile)
    {
        ProfileFile file = profile.File;
        string command = PlainText.OneLine(profile.CommandLine);
        writer.WriteLine(FigureText.Invariant($"{command} ({file.ProcessId})"));
        writer.WriteLine($"  {Mode(profile)}, {Duration.Format(file.Duration)}, {State(file)}");
        writer.WriteLine();
        WriteRecorded(writer, profile);
        WriteHeap(writer, profile);
        WriteManaged(writer, profile.Managed);
        WriteLosses(writer, file.Losses);
    }

    private static void WriteRecorded(TextWriter writer, Profile profile)
    {
        RecordedTotals totals = profile.File.Totals;
        SiteGroup all = new([], profile.Sites);
        Row(writer, "allocated", FigureText.Bytes(totals.Bytes, all.Error(SiteMetric.Total)),
            FigureText.Count(totals.Blocks, "block"));
        Row(writer, "peak", FigureText.Bytes(totals.PeakBytes),
            $"{FigureText.Count(totals.PeakBlocks, "block")}, at {Duration.Format(totals.PeakTime)}");
        Row(writer, profile.File.HasEnded ? "not freed" : "in use",
            FigureText.Bytes(totals.LiveBytes, all.Error(SiteMetric.Live)),
            FigureText.Count(totals.LiveBlocks, "block"));
        double temporary = all.Blocks(SiteMetric.Temporary);
        if (temporary > 0)
        {
            Row(writer, "temporary", FigureText.Count(temporary, "block"),
                $"{FigureText.Share(temporary, totals.Blocks)} of all, freed before the next allocation");
        }

        writer.WriteLine();
    }

    /// <summary>Fragmentation: what the program requested, and what that takes at each level.</summary>
    private static void WriteHeap(TextWriter writer, Profile profile)
    {
        RecordedStatistics heap = profile.File.Statistics;
        // A process that ended early may have recorded its sites, but not yet its statistics.
        if (heap.CommittedBytes == 0)
        {
            return;
        }

        long requested = profile.Sites.Sum(site => site.Figures.LiveBytes);
        long usable = profile.Sites.Sum(site => site.Figures.LiveUsableBytes);
        if (usable > 0)
        {
            // Of the recorded blocks, applied to all of them.
            double share = (double)requested / usable;
            Row(writer, "requested", FigureText.Bytes(heap.InUseBytes * share),
                $"{FigureText.Share(requested, usable)} of the usable size of blocks in use");
        }

        Row(writer, "in use", FigureText.Bytes(heap.InUseBytes),
            $"{FigureText.Count(heap.InUseBlocks, "block")}, " +
            $"{FigureText.Share(heap.InUseBytes, heap.CommittedBytes)} of the committed memory");
        Row(writer, "committed", FigureText.Bytes(heap.CommittedBytes),
            $"of which {ByteSize.Format(heap.UsedBytes)} in slices in use, peak " +
            ByteSize.Format(heap.PeakUsedBytes));
        Row(writer, "resident", FigureText.Bytes(heap.ResidentBytes),
            $"of the process, peak {ByteSize.Format(heap.PeakResidentBytes)}");
        writer.WriteLine();
    }

    private static void WriteManaged(TextWriter writer, ManagedAllocations? managed)
    {
        if (managed is null)
        {
            return;
        }

        Row(writer, "managed objects", FigureText.Bytes(managed.Bytes, managed.Error),
            $"allocated on the managed heap, sampled every {ByteSize.Format(managed.Interval)}");
        if (managed.HeapBytes > 0)
        {
            Row(writer, "managed heap", FigureText.Bytes(managed.HeapBytes), "after the last collection");
        }

        foreach (IGrouping<string, ManagedSite> type in managed.Sites.GroupBy(site => site.Type)
            .OrderByDescending(type => type.Sum(site => site.Bytes)).Take(TopTypes))
        {
            ManagedAllocations objects = managed with { Sites = [.. type] };
            Row(writer, "", FigureText.Bytes(objects.Bytes, objects.Error), PlainText.OneLine(type.Key));
        }

        writer.WriteLine();
    }

    private static void WriteLosses(TextWriter writer, RecordedLosses losses)
    {
        void Note(long count, string noun, string what)
        {
            if (count > 0)
            {
                writer.WriteLine($"  Note: {FigureText.Count(count, noun)} {what}.");
            }
        }

        Note(losses.NoRoom, "allocation", "found no room in the file; see 'profile_max'");
        Note(losses.Nested, "allocation", "in signal handlers could not be recorded");
        Note(losses.Truncated, "stack", "had more frames than are kept");
        Note(losses.Incomplete, "stack", "could not be walked to the start of the thread");
        if (losses.NoRoom + losses.Nested + losses.Truncated + losses.Incomplete > 0)
        {
            writer.WriteLine();
        }
    }

    private static void Row(TextWriter writer, string label, string value, string remark) =>
        writer.WriteLine($"  {label.PadRight(LabelWidth)}{value.PadLeft(ValueWidth)}  {remark}".TrimEnd());

    private static string Mode(Profile profile) => profile.File.Mode switch
    {
        _ when profile.IsSampled =>
            $"sampled every {Interval(profile.File)}, figures ± standard error",
        RecordingMode.Exact or RecordingMode.Sampled => "every allocation recorded",
        _ => "recording is off",
    };

    private static string Interval(ProfileFile file) =>
        file.LargestSampleInterval > file.SampleInterval
            ? $"{ByteSize.Format(file.SampleInterval)} to {ByteSize.Format(file.LargestSampleInterval)}"
            : ByteSize.Format(file.SampleInterval);

    private static string State(ProfileFile file) => file.HasEnded ? "ended" : "running, or killed";
}
