using System.Numerics;

namespace Quarry.Core.Tests;

/// <summary>A second geometry: powers of two from 16 on, as a buddy system has.</summary>
public readonly struct Doublings : ISizeSteps
{
    /// <inheritdoc/>
    public static nuint IndexOf(nuint size) =>
        size <= 16 ? 0 : (nuint)BitOperations.Log2((ulong)(size - 1)) - 3;

    /// <inheritdoc/>
    public static nuint SizeOf(nuint index) => (nuint)16 << (int)index;
}
