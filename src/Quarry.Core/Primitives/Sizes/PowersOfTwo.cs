using System.Numerics;

namespace Quarry;

/// <summary>Steps of 1, 2, 4, 8 bytes and so on: less than half of a block is wasted.</summary>
public readonly struct PowersOfTwo : ISizeSteps
{
    /// <inheritdoc/>
    public static nuint IndexOf(nuint size) => size <= 1 ? 0 : (nuint)BitOperations.Log2(size - 1) + 1;

    /// <inheritdoc/>
    public static nuint SizeOf(nuint index) => (nuint)1 << (int)index;
}
