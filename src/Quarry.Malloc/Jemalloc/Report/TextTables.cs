using System;

namespace Quarry.Malloc;

/// <summary>The tables of the text report, in jemalloc's form.</summary>
internal static unsafe class TextTables
{
    private const int NumberWidth = TextReport.NumberWidth, SizeWidth = 21, IndexWidth = 4, NameWidth = 18;

    /// <summary>Writes the locks of an arena; of the process for null. Those without entries are omitted.
    /// </summary>
    internal static void Mutexes(ref ReportWriter writer, Snapshot* arena)
    {
        writer.Append("mutexes:               n_lock_ops       n_waiting      n_spin_acq  n_owner_switch"u8);
        writer.Append("   total_wait_ns     max_wait_ns  max_n_thds\n"u8);
        int count = arena == null ? MutexNames.ProcessCount : MutexNames.ArenaCount;
        for (int mutex = 0; mutex < count; mutex++)
        {
            LockStatistics statistics = arena == null
                ? ProcessMutexes.Of((nuint)mutex)
                : MutexNodes.OfArena(arena, (nuint)mutex);
            if (statistics.Entries == 0)
            {
                continue;
            }

            ReadOnlySpan<byte> name = arena == null
                ? MutexNames.OfProcess(mutex)
                : MutexNames.OfArena(mutex);
            writer.Append(name);
            for (int at = name.Length; at < NameWidth; at++)
            {
                writer.Append(" "u8);
            }

            for (int counter = 0; counter < MutexCounters.Count - 1; counter++)
            {
                writer.Append(MutexCounters.ValueOf(statistics, counter), NumberWidth + 3);
            }

            TextReport.Line(ref writer, default, statistics.MostWaiting, NumberWidth - 1);
        }
    }

    internal static void Bins(ref ReportWriter writer, Snapshot* now)
    {
        writer.Append("bins:            size ind    allocated      nmalloc      ndalloc    nrequests"u8);
        writer.Append("      curregs     curslabs nonfull_slabs regs pgs       nslabs\n"u8);
        bool gap = false;
        for (int bin = 0; bin < SizeClasses.BinCount; bin++)
        {
            SizeClassStatistics* row = &Snapshot.Bins(now)[bin];
            if (row->Allocations == 0)
            {
                gap = true;
                continue;
            }

            Gap(ref writer, ref gap);
            writer.Append(row->BlockSize, SizeWidth);
            writer.Append((nuint)bin, IndexWidth);
            writer.Append(row->InUseBlocks * row->BlockSize, NumberWidth);
            writer.Append(row->Allocations, NumberWidth);
            writer.Append(ArenaStatsNodes.Frees(row), NumberWidth);
            writer.Append(row->Allocations, NumberWidth);
            writer.Append(row->InUseBlocks, NumberWidth);
            writer.Append(row->Pages, NumberWidth);
            writer.Append(Snapshot.Slabs(now)[bin].Nonfull, NumberWidth + 1);
            writer.Append(SizeClasses.SlabBlocks((nuint)bin), 5);
            writer.Append(SizeClasses.SlabSize((nuint)bin) / Os.PageSize, 4);
            TextReport.Line(ref writer, default, Snapshot.Slabs(now)[bin].Created, NumberWidth);
        }
    }

    internal static void LargeClasses(ref ReportWriter writer, Snapshot* now)
    {
        writer.Append("large:           size ind      nmalloc      ndalloc    nrequests  curlextents\n"u8);
        bool gap = false;
        for (int index = 0; index < SizeClasses.LargeCount; index++)
        {
            LargeStepStatistics* row = &Snapshot.LargeBlocks(now)[index];
            if (row->Allocations == 0)
            {
                gap = true;
                continue;
            }

            Gap(ref writer, ref gap);
            writer.Append(SizeClasses.LargeSize((nuint)index), SizeWidth);
            writer.Append((nuint)(SizeClasses.BinCount + index), IndexWidth);
            writer.Append(row->Allocations, NumberWidth);
            writer.Append(row->Frees, NumberWidth);
            writer.Append(row->Allocations, NumberWidth);
            TextReport.Line(ref writer, default, row->InUse, NumberWidth);
        }
    }

    internal static void Extents(ref ReportWriter writer, Snapshot* now)
    {
        writer.Append("extents:         size ind       ndirty        dirty       nmuzzy        muzzy"u8);
        writer.Append("    nretained     retained       ntotal        total\n"u8);
        bool gap = false;
        for (int index = 0; index < ExtentSteps.Count; index++)
        {
            ExtentStatistics* row = &Snapshot.Extents(now)[index];
            nuint total = row->Dirty + row->Retained;
            if (total == 0)
            {
                gap = true;
                continue;
            }

            Gap(ref writer, ref gap);
            writer.Append(ExtentSteps.SizeOf(index), SizeWidth);
            writer.Append((nuint)index, IndexWidth);
            writer.Append(row->Dirty, NumberWidth);
            writer.Append(row->DirtyBytes, NumberWidth);
            writer.Append((nuint)0, NumberWidth);
            writer.Append((nuint)0, NumberWidth);
            writer.Append(row->Retained, NumberWidth);
            writer.Append(row->RetainedBytes, NumberWidth);
            writer.Append(total, NumberWidth);
            TextReport.Line(ref writer, default, row->DirtyBytes + row->RetainedBytes, NumberWidth);
        }
    }

    private static void Gap(ref ReportWriter writer, ref bool gap)
    {
        writer.Append(gap ? "                     ---\n"u8 : default);
        gap = false;
    }
}
