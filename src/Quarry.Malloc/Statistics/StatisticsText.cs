using System;

namespace Quarry.Malloc;

/// <summary>Formats the statistics as a human-readable table: the output of <c>malloc_stats</c>.</summary>
internal static unsafe class StatisticsText
{
    private const int LineWidth = 45;

    internal static void Write(ref TextBuffer text, in HeapStatistics heap, SizeClassStatistics* classes)
    {
        for (int index = 0; Statistic.TryGet(heap, index, out Statistic statistic); index++)
        {
            AppendLabel(ref text, statistic.Name);
            text.Append(statistic.Value, LineWidth - statistic.Name.Length);
            text.Append((byte)'\n');
        }

        text.Append("      size  allocations       in use    pages\n"u8);
        for (int index = 0; index < SmallSizes<Geometry>.Count; index++)
        {
            if (classes[index].Allocations != 0)
            {
                text.Append(classes[index].BlockSize, 10);
                text.Append(classes[index].Allocations, 13);
                text.Append(classes[index].InUseBlocks, 13);
                text.Append(classes[index].Pages, 9);
                text.Append((byte)'\n');
            }
        }
    }

    private static void AppendLabel(ref TextBuffer text, ReadOnlySpan<byte> name)
    {
        for (int at = 0; at < name.Length; at++)
        {
            text.Append(name[at] == '_' ? (byte)' ' : name[at]);
        }
    }
}
