using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Represents the size and alignment of a block of memory.</summary>
/// <remarks>
/// The alignment is a power of two, and the size rounded up to it does not exceed <see cref="MaxSize"/>, so
/// arithmetic on a layout never overflows; the <c>Try...</c> methods return false if the result would. A
/// layout is 16 bytes and cheap to copy.
/// </remarks>
public readonly unsafe partial struct Layout
{
    /// <summary>
    /// Gets the maximum size of a block, in bytes: half the address space, so that the difference of two
    /// pointers into a block does not overflow.
    /// </summary>
    public static nuint MaxSize => (nuint)nint.MaxValue;

    private readonly nuint _alignmentMinusOne;

    private Layout(nuint size, nuint alignment)
    {
        Size = size;
        _alignmentMinusOne = alignment - 1;
    }

    /// <summary>Gets the size, in bytes.</summary>
    public nuint Size { get; }

    /// <summary>Gets the alignment, in bytes; a power of two, and 1 for the default value.</summary>
    public nuint Alignment => _alignmentMinusOne + 1;

    /// <summary>Tries to create a layout with the specified size and alignment, in bytes.</summary>
    /// <returns>False if the alignment is not a power of two or the size is too large.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCreate(nuint size, nuint alignment, out Layout layout)
    {
        bool valid = IsPowerOfTwo(alignment) && alignment <= MaxSize && size <= MaxSize - (alignment - 1);
        layout = valid ? new Layout(size, alignment) : default;
        return valid;
    }

    /// <summary>Returns the layout of one <typeparamref name="T"/>.</summary>
    public static Layout Of<T>() where T : unmanaged => new((nuint)sizeof(T), AlignmentOf<T>());

    /// <summary>Tries to get the layout of an array of <typeparamref name="T"/>.</summary>
    /// <returns>False if the total size is too large.</returns>
    public static bool TryArray<T>(nuint count, out Layout layout) where T : unmanaged =>
        Of<T>().TryRepeat(count, out layout);

    /// <summary>Tries to append a field to this layout, as a compiler lays out a struct.</summary>
    /// <param name="next">The layout of the field.</param>
    /// <param name="extended">
    /// The combined layout, without padding at its end; see <see cref="PadToAlignment"/>.
    /// </param>
    /// <param name="offset">The offset of the field, in bytes.</param>
    public bool TryExtend(Layout next, out Layout extended, out nuint offset)
    {
        nuint alignment = Alignment > next.Alignment ? Alignment : next.Alignment;
        offset = AlignUp(Size, next.Alignment);
        extended = default;
        return next.Size <= MaxSize - offset && TryCreate(offset + next.Size, alignment, out extended);
    }

    /// <summary>Returns this layout with its size rounded up to its alignment.</summary>
    public Layout PadToAlignment() => new(AlignUp(Size, Alignment), Alignment);

    /// <summary>
    /// Tries to get the layout of an array whose elements have this layout, each padded to its alignment.
    /// </summary>
    public bool TryRepeat(nuint count, out Layout layout)
    {
        nuint stride = AlignUp(Size, Alignment);
        layout = default;
        return (stride == 0 || count <= MaxSize / stride) && TryCreate(stride * count, Alignment, out layout);
    }

    internal static bool IsPowerOfTwo(nuint value) => value != 0 && (value & (value - 1)) == 0;

    internal static nuint AlignUp(nuint value, nuint alignment) => (value + alignment - 1) & ~(alignment - 1);

    internal static nuint AlignDown(nuint value, nuint alignment) => value & ~(alignment - 1);

    internal static nuint AlignmentOf<T>() where T : unmanaged => (nuint)sizeof(Probe<T>) - (nuint)sizeof(T);

    // C# has no operator for the alignment of a type: it is the offset of a field of that type after one
    // byte.
#pragma warning disable CS0649, CA1823, CS0169, IDE0051 // the fields exist for their size alone
    private struct Probe<T> where T : unmanaged
    {
        private readonly byte _first;
        private readonly T _second;
    }
#pragma warning restore CS0649, CA1823, CS0169, IDE0051
}
