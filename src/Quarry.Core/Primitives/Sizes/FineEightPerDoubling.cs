namespace Quarry;

/// <summary>
/// Multiples of 8 from 16 to 128 bytes, then the steps of <see cref="EightPerDoubling"/>: blocks of 24, 40
/// and 56 bytes, at the price of an alignment of 8.
/// </summary>
internal readonly struct FineEightPerDoubling : ISizeSteps
{
    // The steps up to 128 bytes: 15 here, 8 in EightPerDoubling.
    private const int LinearMax = 128, MoreSteps = 15 - 8;

    /// <inheritdoc/>
    public static nuint IndexOf(nuint size) =>
        size <= 16 ? 0
        : size <= LinearMax ? (size - 9) >> 3
        : EightPerDoubling.IndexOf(size) + MoreSteps;

    /// <inheritdoc/>
    public static nuint SizeOf(nuint index) =>
        index < 15 ? (index + 2) << 3 : EightPerDoubling.SizeOf(index - MoreSteps);
}
