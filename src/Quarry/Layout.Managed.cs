using System;

namespace Quarry;

/// <content>Creation in .NET: invalid arguments are exceptions.</content>
public readonly unsafe partial struct Layout
{
    /// <summary>Creates a layout.</summary>
    /// <param name="size">The size, in bytes.</param>
    /// <param name="alignment">The alignment, in bytes; a power of two.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The alignment is not a power of two, or the size exceeds <see cref="MaxSize"/>.
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

    /// <summary>Returns the layout of consecutive values of a type.</summary>
    /// <param name="count">The number of values.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The number is negative, or the values exceed <see cref="MaxSize"/> bytes.
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
