namespace Quarry;

/// <summary>Steps at every multiple of a power of two: less than one step is wasted at any size.</summary>
/// <typeparam name="TStep">The distance between two steps, in bytes; a power of two.</typeparam>
public readonly struct Multiples<TStep> : ISizeSteps where TStep : struct, IByteCount
{
    /// <inheritdoc/>
    public static nuint IndexOf(nuint size) => (size + (TStep.Bytes - 1)) / TStep.Bytes;

    /// <inheritdoc/>
    public static nuint SizeOf(nuint index) => index * TStep.Bytes;
}
