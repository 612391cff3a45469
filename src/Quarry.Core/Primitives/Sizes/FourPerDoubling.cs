using System.Numerics;

namespace Quarry;

/// <summary>
/// Steps of 4, 5, 6, 7, 8, 10, 12, 14, 16, 20 bytes and so on: the waste is at most a fifth of a block.
/// </summary>
/// <remarks>Most general-purpose heaps space their size classes in this way.</remarks>
public readonly struct FourPerDoubling : ISizeSteps
{
    /// <inheritdoc/>
    public static nuint IndexOf(nuint size)
    {
        if (size <= 4)
        {
            return 0;
        }

        // The two bits after the leading one are the quarter of the doubling that the size is in.
        nuint last = size - 1;
        int shift = BitOperations.Log2(last) - 2;
        return ((nuint)shift * 4) + (last >> shift) - 3;
    }

    /// <inheritdoc/>
    public static nuint SizeOf(nuint index) => (4 + (index % 4)) << (int)(index / 4);
}
