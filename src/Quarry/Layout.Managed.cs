using System;

namespace Quarry;

/// <content>What throws where the <c>Try...</c> methods answer false.</content>
public readonly unsafe partial struct Layout
{
    /// <summary>
    /// A layout of <paramref name="size"/> bytes at a multiple of <paramref name="alignment"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The alignment is no power of two, or the size is larger than <see cref="MaxSize"/>.
    /// </exception>
    public static Layout Create(nuint size, nuint alignment)
    {
        if (!TryCreate(size, alignment, out Layout layout))
        {
            bool aligned = IsPowerOfTwo(alignment);
            Throw.OutOfRange(
                aligned ? nameof(size) : nameof(alignment),
                aligned ? size : alignment,
                aligned ? $"The largest size is {MaxSize} bytes." : "An alignment is a power of two.");
        }

        return layout;
    }

    /// <summary>The layout of <paramref name="count"/> consecutive <typeparamref name="T"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The number is negative, or so large that the elements exceed <see cref="MaxSize"/> bytes.
    /// </exception>
    public static Layout Array<T>(nint count) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (!TryArray<T>((nuint)count, out Layout layout))
        {
            Throw.OutOfRange(
                nameof(count), count, $"Elements of {sizeof(T)} bytes; the largest size is {MaxSize} bytes.");
        }

        return layout;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Size} bytes aligned to {Alignment}";
}
