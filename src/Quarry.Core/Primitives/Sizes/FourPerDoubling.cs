using System.Numerics;

namespace Quarry;

/// <summary>
/// Steps of 4, 5, 6, 7, 8, 10, 12, 14, 16, 20 bytes and so on: above 4 bytes, less than a fifth of a block is
/// wasted.
/// </summary>
/// <remarks>The spacing of the size classes of jemalloc and mimalloc.</remarks>
public readonly struct FourPerDoubling : ISizeSteps
{
    /// <inheritdoc/>
    public static nuint IndexOf(nuint size)
    {
        if (size <= 4)
        {
            return 0;
        }

        // The two bits after the leading one select the quarter of the doubling.
        nuint last = size - 1;
        int shift = BitOperations.Log2(last) - 2;
        return ((nuint)shift * 4) + (last >> shift) - 3;
    }

    /// <inheritdoc/>
    public static nuint SizeOf(nuint index) => (4 + (index % 4)) << (int)(index / 4);
}
