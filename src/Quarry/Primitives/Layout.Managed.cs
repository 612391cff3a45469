using System;
using System.Diagnostics.CodeAnalysis;

namespace Quarry;

/// <content>Creation in .NET: invalid arguments are exceptions.</content>
public readonly unsafe partial struct Layout : IEquatable<Layout>
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
            ThrowInvalid(size, alignment);
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
            ThrowTooMany(count, sizeof(T));
        }

        return layout;
    }

    /// <summary>Determines whether size and alignment are equal.</summary>
    public bool Equals(Layout other) => Size == other.Size && Alignment == other.Alignment;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Layout other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Size, Alignment);

    /// <summary>Determines whether size and alignment are equal.</summary>
    public static bool operator ==(Layout left, Layout right) => left.Equals(right);

    /// <summary>Determines whether size or alignment differ.</summary>
    public static bool operator !=(Layout left, Layout right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => $"{Size} bytes aligned to {Alignment}";

    // Out of line, so that the JIT does not inline the making of messages into callers.
    [DoesNotReturn]
    private static void ThrowInvalid(nuint size, nuint alignment)
    {
        bool aligned = IsPowerOfTwo(alignment);
        Throw.OutOfRange(
            aligned ? nameof(size) : nameof(alignment),
            aligned ? size : alignment,
            aligned ? $"The largest size is {MaxSize} bytes." : "An alignment is a power of two.");
    }

    [DoesNotReturn]
    private static void ThrowTooMany(nint count, int size) => Throw.OutOfRange(
        nameof(count), count, $"Elements of {size} bytes; the largest size is {MaxSize} bytes.");
}
