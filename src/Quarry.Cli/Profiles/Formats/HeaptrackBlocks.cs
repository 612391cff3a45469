using System;
using System.Collections.Generic;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>A number of blocks and the sum of their sizes, in bytes.</summary>
internal readonly record struct HeaptrackBlocks(long Count, long Bytes)
{
    /// <summary>Rounds an estimate so that bytes have at least one block.</summary>
    internal static HeaptrackBlocks Of(double count, long bytes) =>
        bytes <= 0 ? default : new HeaptrackBlocks(Math.Max(1, (long)Math.Round(count)), bytes);

    /// <summary>The same bytes in fewer blocks.</summary>
    internal HeaptrackBlocks DividedBy(long divisor) =>
        Count == 0 ? default : new HeaptrackBlocks(Math.Max(1, Count / divisor), Bytes);

    internal bool Covers(HeaptrackBlocks other) =>
        Count >= other.Count && Bytes >= other.Bytes && (Count > other.Count || Bytes == other.Bytes);

    /// <summary>The rest; bytes without a block are dropped.</summary>
    internal HeaptrackBlocks Minus(HeaptrackBlocks other)
    {
        long count = Math.Max(0, Count - other.Count);
        return new HeaptrackBlocks(count, count == 0 ? 0 : Math.Max(0, Bytes - other.Bytes));
    }

    /// <summary>Sizes whose sum is exact: they differ by one byte at most.</summary>
    internal IEnumerable<(long Size, long Count)> Sizes()
    {
        if (Count == 0)
        {
            yield break;
        }

        (long size, long larger) = Math.DivRem(Bytes, Count);
        if (larger > 0)
        {
            yield return (size + 1, larger);
        }

        if (Count > larger)
        {
            yield return (size, Count - larger);
        }
    }
}
