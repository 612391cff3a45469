using System;

namespace Quarry.Malloc;

/// <summary>One statistic of the heap: its name in <c>quarry.h</c> and its value.</summary>
internal readonly ref struct Statistic
{
    internal Statistic(ReadOnlySpan<byte> name, nuint value)
    {
        Name = name;
        Value = value;
    }

    internal ReadOnlySpan<byte> Name { get; }

    internal nuint Value { get; }

    /// <summary>Gets the statistic at an index of the list.</summary>
    /// <remarks>
    /// <c>quarry_stats</c>, <c>malloc_stats</c> and the statistics file are generated from this list. Its
    /// order is that of the fields in <c>quarry.h</c> and therefore part of the binary interface: append new
    /// statistics at the end, in both places. A test compares the two.
    /// </remarks>
    /// <returns>False if the index is beyond the end.</returns>
    internal static bool TryGet(scoped in HeapStatistics heap, int index, out Statistic statistic)
    {
        statistic = index switch
        {
            0 => new("requested_bytes"u8, heap.RequestedBytes),
            1 => new("allocations"u8, heap.Allocations),
            2 => new("in_use_bytes"u8, heap.InUseBytes),
            3 => new("in_use_blocks"u8, heap.InUseBlocks),
            4 => new("used_bytes"u8, heap.UsedBytes),
            5 => new("peak_bytes"u8, heap.PeakBytes),
            6 => new("committed_bytes"u8, heap.CommittedBytes),
            7 => new("mapped_bytes"u8, heap.MappedBytes),
            8 => new("resident_bytes"u8, heap.ResidentBytes),
            9 => new("dirty_bytes"u8, heap.DirtyBytes),
            10 => new("threads"u8, heap.Threads),
            11 => new("large_allocations"u8, heap.LargeAllocations),
            12 => new("large_in_use_blocks"u8, heap.LargeInUseBlocks),
            13 => new("large_in_use_bytes"u8, heap.LargeInUseBytes),
            _ => default,
        };
        return !statistic.Name.IsEmpty;
    }

    /// <summary>Writes the statistics into a caller's <c>quarry_statistics</c> structure.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="size">The size of the caller's structure, in bytes; nothing is written beyond it.</param>
    /// <param name="heap">The statistics.</param>
    /// <returns>The size of the structure in this version; fields beyond it are set to 0.</returns>
    internal static unsafe nuint CopyTo(nuint* structure, nuint size, in HeapStatistics heap)
    {
        nuint room = size / (nuint)sizeof(nuint);
        nuint count = 0;
        for (; TryGet(heap, (int)count, out Statistic statistic); count++)
        {
            if (count < room)
            {
                structure[count] = statistic.Value;
            }
        }

        for (nuint unknown = count; unknown < room; unknown++)
        {
            structure[unknown] = 0;
        }

        return count * (nuint)sizeof(nuint);
    }
}
