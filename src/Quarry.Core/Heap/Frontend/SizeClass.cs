using System.Numerics;

namespace Quarry;

/// <summary>The sizes that small blocks come in.</summary>
/// <remarks>
/// Multiples of 16 up to 128 bytes, then eight sizes for each doubling, so that rounding up wastes less
/// than 16 bytes or one eighth. Within (2^k, 2^(k+1)] all sizes are multiples of 2^(k-3); hence a size that
/// is rounded up to a power of two first always lands on a class that is a multiple of it, which is how
/// aligned blocks are served.
/// </remarks>
internal static class SizeClass
{
    internal const int Count = 80;

    /// <summary>The largest small block. Larger ones get slices of their own.</summary>
    internal const nuint MaxSize = 64 * 1024;

    /// <summary>
    /// Up to here a block's class is found by table, in the free lists of the thread: the fast path.
    /// </summary>
    internal const nuint MaxTableSize = 1024;

    /// <summary>
    /// One entry for each size from 0, and one for all that are larger. A table of sixteenths would be
    /// smaller, but cost two instructions more each time; of this one only the lines of the sizes in use
    /// are ever touched.
    /// </summary>
    internal const int TableLength = (int)MaxTableSize + 2;

    private const int LinearCount = 8;
    private const int Log2LinearMax = 7;

    /// <summary>The class that serves a size of at most <see cref="MaxSize"/>.</summary>
    internal static int Of(nuint size)
    {
        if (size <= 1 << Log2LinearMax)
        {
            return size == 0 ? 0 : (int)((size - 1) >> 4);
        }

        int log2 = BitOperations.Log2((ulong)(size - 1));
        int eighth = (int)((size - 1) >> (log2 - 3)) & 7;
        return LinearCount + ((log2 - Log2LinearMax) << 3) + eighth;
    }

    /// <summary>The size of the blocks of a class, in bytes.</summary>
    internal static nuint SizeOf(int sizeClass)
    {
        if (sizeClass < LinearCount)
        {
            return (nuint)(sizeClass + 1) << 4;
        }

        int log2 = Log2LinearMax + ((sizeClass - LinearCount) >> 3);
        nuint eighths = (nuint)((sizeClass - LinearCount) & 7) + 9;
        return eighths << (log2 - 3);
    }

    /// <summary>
    /// How many slices a page of the class has: one, or so many that it holds at least eight blocks.
    /// </summary>
    internal static nuint SlicesOf(int sizeClass)
    {
        nuint eightBlocks = SizeOf(sizeClass) << 3;
        return eightBlocks <= Region.SliceSize
            ? 1
            : (nuint)BitOperations.RoundUpToPowerOf2((ulong)eightBlocks) >> Region.Log2Slice;
    }
}
