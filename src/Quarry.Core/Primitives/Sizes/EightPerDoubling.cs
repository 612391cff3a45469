using System.Numerics;

namespace Quarry;

/// <summary>
/// Multiples of 16 up to 128 bytes, then eight steps per doubling: the size classes of the general-purpose
/// heap.
/// </summary>
/// <remarks>
/// Rounding up wastes less than 16 bytes or one eighth of the size. Within (2^k, 2^(k+1)], all steps are
/// multiples of 2^(k-3); hence the step of a multiple of a power of two is itself a multiple of that power.
/// Over-aligned requests rely on this. jemalloc has four steps per doubling.
/// </remarks>
public readonly struct EightPerDoubling : ISizeSteps
{
    private const int LinearCount = 8, Log2LinearMax = 7;

    /// <inheritdoc/>
    public static nuint IndexOf(nuint size)
    {
        if (size <= 1 << Log2LinearMax)
        {
            return size == 0 ? 0 : (size - 1) >> 4;
        }

        int log2 = BitOperations.Log2((ulong)(size - 1));
        nuint eighth = ((size - 1) >> (log2 - 3)) & 7;
        return (nuint)(LinearCount + ((log2 - Log2LinearMax) << 3)) + eighth;
    }

    /// <inheritdoc/>
    public static nuint SizeOf(nuint index)
    {
        if (index < LinearCount)
        {
            return (index + 1) << 4;
        }

        int log2 = Log2LinearMax + (int)((index - LinearCount) >> 3);
        nuint eighths = ((index - LinearCount) & 7) + 9;
        return eighths << (log2 - 3);
    }
}
