using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The size and the alignment of a block of memory.</summary>
/// <remarks>
/// The alignment is a power of two and the size, rounded up to it, does not exceed <see cref="MaxSize"/>, so
/// no arithmetic on a layout wraps; the <c>Try...</c> methods return false where it would. A layout is 16
/// bytes and cheap to copy.
/// </remarks>
public readonly unsafe partial struct Layout
{
    /// <summary>
    /// Gets the largest size of a block: half the address space, within which pointers can be subtracted.
    /// </summary>
    public static nuint MaxSize => (nuint)nint.MaxValue;

    private readonly nuint _alignmentMinusOne;

    private Layout(nuint size, nuint alignment)
    {
        Size = size;
        _alignmentMinusOne = alignment - 1;
    }

    /// <summary>Gets the number of bytes.</summary>
    public nuint Size { get; }

    /// <summary>Gets the alignment in bytes, a power of two; 1 for the default value.</summary>
    public nuint Alignment => _alignmentMinusOne + 1;

    /// <summary>
    /// Tries to create a layout of <paramref name="size"/> bytes at a multiple of
    /// <paramref name="alignment"/>.
    /// </summary>
    /// <returns>False if the alignment is not a power of two or the size is too large.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCreate(nuint size, nuint alignment, out Layout layout)
    {
        bool valid = IsPowerOfTwo(alignment) && alignment <= MaxSize && size <= MaxSize - (alignment - 1);
        layout = valid ? new Layout(size, alignment) : default;
        return valid;
    }

    /// <summary>Gets the layout of one <typeparamref name="T"/>.</summary>
    public static Layout Of<T>() where T : unmanaged => new((nuint)sizeof(T), AlignmentOf<T>());

    /// <summary>Tries to get the layout of consecutive <typeparamref name="T"/>.</summary>
    /// <returns>False if the total size is too large.</returns>
    public static bool TryArray<T>(nuint count, out Layout layout) where T : unmanaged =>
        Of<T>().TryRepeat(count, out layout);

    /// <summary>Tries to append a field to this layout, as a compiler lays out a struct.</summary>
    /// <param name="next">The layout of the field.</param>
    /// <param name="extended">Both, not padded at their end; see <see cref="PadToAlignment"/>.</param>
    /// <param name="offset">The offset of the field, in bytes.</param>
    public bool TryExtend(Layout next, out Layout extended, out nuint offset)
    {
        nuint alignment = Alignment > next.Alignment ? Alignment : next.Alignment;
        offset = AlignUp(Size, next.Alignment);
        extended = default;
        return next.Size <= MaxSize - offset && TryCreate(offset + next.Size, alignment, out extended);
    }

    /// <summary>Gets this layout with its size rounded up to its alignment.</summary>
    public Layout PadToAlignment() => new(AlignUp(Size, Alignment), Alignment);

    /// <summary>Tries to get the layout of an array of this layout, each element padded to it.</summary>
    public bool TryRepeat(nuint count, out Layout layout)
    {
        nuint stride = AlignUp(Size, Alignment);
        layout = default;
        return (stride == 0 || count <= MaxSize / stride) && TryCreate(stride * count, Alignment, out layout);
    }

    internal static bool IsPowerOfTwo(nuint value) => value != 0 && (value & (value - 1)) == 0;

    internal static nuint AlignUp(nuint value, nuint alignment) => (value + alignment - 1) & ~(alignment - 1);

    internal static nuint AlignDown(nuint value, nuint alignment) => value & ~(alignment - 1);

    private static nuint AlignmentOf<T>() where T : unmanaged => (nuint)sizeof(Probe<T>) - (nuint)sizeof(T);

    // The padding before a field is derived from its alignment, for which C# has no operator.
#pragma warning disable CS0649, CA1823, CS0169, IDE0051 // the fields exist for their size alone
    private struct Probe<T> where T : unmanaged
    {
        private readonly byte _first;
        private readonly T _second;
    }
#pragma warning restore CS0649, CA1823, CS0169, IDE0051
}
