using System.Numerics;

namespace Quarry;

/// <summary>
/// Steps of 4, 5, 6, 7, 8, 10, 12, 14, 16, 20 bytes and so on: at most a fifth of a block lies idle.
/// </summary>
/// <remarks>The spacing of the size classes of most general-purpose heaps.</remarks>
public readonly struct FourPerDoubling : ISizeSteps
{
    /// <inheritdoc/>
    public static nuint IndexOf(nuint size)
    {
        if (size <= 4)
        {
            return 0;
        }

        // The two bits below the leading one tell the quarter of the doubling that the size lies in.
        nuint last = size - 1;
        int shift = BitOperations.Log2(last) - 2;
        return ((nuint)shift * 4) + (last >> shift) - 3;
    }

    /// <inheritdoc/>
    public static nuint SizeOf(nuint index) => (4 + (index % 4)) << (int)(index / 4);
}
