using System;

namespace Quarry.Malloc;

/// <summary>Writes the statistics as text, in jemalloc's form.</summary>
internal static unsafe class TextReport
{
    internal const int NumberWidth = 13;

    internal static void Write(ref ReportWriter writer, in ReportParts parts)
    {
        writer.Append("___ Begin jemalloc statistics ___\n"u8);
        if (parts.General)
        {
            General(ref writer);
        }

        Totals(ref writer);
        if (parts.Mutexes)
        {
            TextTables.Mutexes(ref writer, null);
        }

        if (parts.Merged)
        {
            Arena(ref writer, "Merged arenas stats:\n"u8, parts, Arenas.All);
        }

        if (parts.Destroyed)
        {
            Arena(ref writer, "Destroyed arenas stats:\n"u8, parts, Arenas.Destroyed);
        }

        nuint index = 0;
        while (parts.EachArena && Arenas.TryNext(ref index, out Arena* arena))
        {
            Arena(ref writer, parts, arena);
        }

        writer.Append("--- End jemalloc statistics ---\n"u8);
    }

    private static void General(ref ReportWriter writer)
    {
        writer.Append("Version: \""u8);
        writer.Append(ProcessNodes.Version.Slice(0, ProcessNodes.Version.Length - 1));
        writer.Append("\"\nBuild-time option settings\n"u8);
        Controls(ref writer, JemallocTree.Config);
        writer.Append("Run-time option settings\n"u8);
        Controls(ref writer, JemallocTree.Option);
        writer.Append("Profiling settings\n"u8);
        Controls(ref writer, JemallocTree.Prof);
        Line(ref writer, "Arenas: "u8, Arenas.Count);
        Line(ref writer, "Quantum size: "u8, SmallSizes<Geometry>.Quantum);
        Line(ref writer, "Page size: "u8, Os.PageSize);
        Line(ref writer, "Maximum thread-cached size class: "u8, SmallSizes<Geometry>.MaxSize);
        Line(ref writer, "Number of bin size classes: "u8, (nuint)SizeClasses.BinCount);
        Line(ref writer, "Number of thread-cache bin size classes: "u8, (nuint)SizeClasses.BinCount);
        Line(ref writer, "Number of large size classes: "u8, (nuint)SizeClasses.LargeCount);
    }

    private static void Controls(ref ReportWriter writer, int group)
    {
        MallctlNode node = default;
        for (int index = 0; ; index++)
        {
            // Named first: a control that is no value would be carried out.
            node.Acts = false;
            _ = JemallocTree.Visit(ref node, group, index);
            if (node.Path.IsEmpty)
            {
                break;
            }

            node.Acts = true;
            if (node.Access is MallctlAccess.Read or MallctlAccess.ReadWrite
                && JemallocTree.Visit(ref node, group, index) == MallctlError.None)
            {
                writer.Append("  "u8);
                writer.Append(node.Path);
                writer.Append(": "u8);
                writer.AppendValue(ref node);
                writer.Append("\n"u8);
            }
        }
    }

    private static void Totals(ref ReportWriter writer)
    {
        Snapshot* now = Snapshots.Merged();
        Value(ref writer, "Allocated: "u8, now->Allocated);
        Value(ref writer, ", active: "u8, now->Active);
        Value(ref writer, ", metadata: "u8, now->Metadata);
        Value(ref writer, " (n_thp 0), resident: "u8, now->Resident);
        Value(ref writer, ", mapped: "u8, now->Mapped);
        Line(ref writer, ", retained: "u8, now->Footprint.RetainedBytes);
        Line(ref writer, "Count of realloc(non-null-ptr, 0) calls: "u8, ZeroReallocs.Count);
        Value(ref writer, "Background threads: "u8, BackgroundThread.IsRunning ? 1u : 0u);
        Value(ref writer, ", num_runs: "u8, BackgroundThread.Runs);
        Value(ref writer, ", run_interval: "u8, BackgroundThread.RunInterval);
        writer.Append(" ns\n"u8);
    }

    private static void Arena(ref ReportWriter writer, in ReportParts parts, Arena* arena)
    {
        byte* name = stackalloc byte[Malloc.Arena.NameSize];
        arena->CopyName(name);
        Value(ref writer, "arenas["u8, arena->Index);
        writer.Append("]:\nName: "u8);
        writer.Append(CText.Span(name));
        Arena(ref writer, "\n"u8, parts, arena->Index);
    }

    private static void Arena(
        ref ReportWriter writer, ReadOnlySpan<byte> title, in ReportParts parts, nuint arena)
    {
        Snapshot* now = Snapshots.Of(arena);
        if (now == null)
        {
            return;
        }

        writer.Append(title);
        Line(ref writer, "assigned threads: "u8, ArenaStatsNodes.Threads(arena, now));
        Line(ref writer, "uptime: "u8, ArenaStatsNodes.Uptime(arena));
        writer.Append("dss allocation precedence: \""u8);
        writer.Append(Arenas.Find(arena) == null ? "N/A\"\n"u8 : "disabled\"\n"u8);
        writer.Append("decaying:  time       npages       sweeps     madvises       purged\n   dirty: "u8);
        MallctlNode decay = default;
        _ = decay.ReturnSigned(ArenaStatsNodes.Decay(arena, muzzy: false));
        writer.AppendValue(ref decay);
        writer.Append(now->Footprint.DirtyBytes / Os.PageSize, NumberWidth);
        writer.Append(now->Footprint.PurgeSteps, NumberWidth);
        writer.Append(now->Footprint.PurgeCalls, NumberWidth);
        Line(ref writer, default, now->Footprint.PurgedBytes / Os.PageSize, NumberWidth);
        writer.Append("              allocated      nmalloc      ndalloc    nrequests"u8);
        writer.Append("        nfill       nflush\nsmall:    "u8);
        nuint fills = now->Footprint.Fills, flushes = now->Footprint.Flushes;
        Row(ref writer, now->SmallBytes, now->SmallAllocations, now->SmallFrees, fills, flushes);
        LargeStepStatistics large = Snapshot.Large(now);
        writer.Append("large:    "u8);
        Row(ref writer, now->Heap.LargeInUseBytes, large.Allocations, large.Frees, 0, 0);
        writer.Append("total:    "u8);
        Row(
            ref writer, now->Allocated, now->SmallAllocations + large.Allocations,
            now->SmallFrees + large.Frees, fills, flushes);
        Line(ref writer, "active:   "u8, now->Active, NumberWidth);
        Line(ref writer, "mapped:   "u8, now->Mapped, NumberWidth);
        Line(ref writer, "retained: "u8, now->Footprint.RetainedBytes, NumberWidth);
        Line(ref writer, "base:     "u8, now->Metadata, NumberWidth);
        Line(ref writer, "resident: "u8, now->Resident, NumberWidth);
        if (parts.Mutexes)
        {
            TextTables.Mutexes(ref writer, now);
        }

        if (parts.Bins)
        {
            TextTables.Bins(ref writer, now);
        }

        if (parts.Large)
        {
            TextTables.LargeClasses(ref writer, now);
        }

        if (parts.Extents)
        {
            TextTables.Extents(ref writer, now);
        }
    }

    private static void Row(
        ref ReportWriter writer, nuint bytes, nuint allocations, nuint frees, nuint fills, nuint flushes)
    {
        writer.Append(bytes, NumberWidth);
        writer.Append(allocations, NumberWidth);
        writer.Append(frees, NumberWidth);
        writer.Append(allocations, NumberWidth);
        writer.Append(fills, NumberWidth);
        Line(ref writer, default, flushes, NumberWidth);
    }

    private static void Value(ref ReportWriter writer, ReadOnlySpan<byte> name, nuint value)
    {
        writer.Append(name);
        writer.Append(value);
    }

    internal static void Line(ref ReportWriter writer, ReadOnlySpan<byte> name, nuint value, int width = 0)
    {
        writer.Append(name);
        writer.Append(value, width);
        writer.Append("\n"u8);
    }
}
