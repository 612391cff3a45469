using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The size and the alignment of a block of memory.</summary>
/// <remarks>
/// The alignment is a power of two and the size, rounded up to it, does not exceed <see cref="MaxSize"/>,
/// so no arithmetic on a layout wraps. What would is refused by the <c>Try...</c> methods. A value of 16
/// bytes; copying is free.
/// </remarks>
public readonly unsafe partial struct Layout
{
    /// <summary>
    /// The largest size of one block: the half of the address space that pointers can be subtracted in.
    /// </summary>
    public static nuint MaxSize => (nuint)nint.MaxValue;

    private readonly nuint _alignmentMinusOne;

    private Layout(nuint size, nuint alignment)
    {
        Size = size;
        _alignmentMinusOne = alignment - 1;
    }

    /// <summary>The number of bytes.</summary>
    public nuint Size { get; }

    /// <summary>The alignment in bytes, a power of two; 1 for the default value.</summary>
    public nuint Alignment => _alignmentMinusOne + 1;

    /// <summary>
    /// A layout of <paramref name="size"/> bytes at a multiple of <paramref name="alignment"/>.
    /// </summary>
    /// <returns>False if the alignment is no power of two or the size is larger than can be served.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCreate(nuint size, nuint alignment, out Layout layout)
    {
        bool valid = IsPowerOfTwo(alignment) && alignment <= MaxSize && size <= MaxSize - (alignment - 1);
        layout = valid ? new Layout(size, alignment) : default;
        return valid;
    }

    /// <summary>The layout of one <typeparamref name="T"/>.</summary>
    public static Layout Of<T>() where T : unmanaged => new((nuint)sizeof(T), AlignmentOf<T>());

    /// <summary>The layout of <paramref name="count"/> consecutive <typeparamref name="T"/>.</summary>
    /// <returns>False if the total size is larger than can be served.</returns>
    public static bool TryArray<T>(nuint count, out Layout layout) where T : unmanaged =>
        Of<T>().TryRepeat(count, out layout);

    /// <summary>This layout followed by a field of another one, as a compiler lays out a struct.</summary>
    /// <param name="next">The field to append.</param>
    /// <param name="extended">Both together; not padded at its end, see <see cref="PadToAlignment"/>.</param>
    /// <param name="offset">Where the field begins, in bytes from the start.</param>
    public bool TryExtend(Layout next, out Layout extended, out nuint offset)
    {
        nuint alignment = Alignment > next.Alignment ? Alignment : next.Alignment;
        offset = AlignUp(Size, next.Alignment);
        extended = default;
        return next.Size <= MaxSize - offset && TryCreate(offset + next.Size, alignment, out extended);
    }

    /// <summary>This layout with its size rounded up to its alignment.</summary>
    public Layout PadToAlignment() => new(AlignUp(Size, Alignment), Alignment);

    /// <summary>An array of <paramref name="count"/> of this layout, each padded to the alignment.</summary>
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

    // The padding before a field tells its alignment: there is no operator for it.
#pragma warning disable CS0649, CA1823, CS0169, IDE0051 // the fields are there for their size alone
    private struct Probe<T> where T : unmanaged
    {
        private readonly byte _first;
        private readonly T _second;
    }
#pragma warning restore CS0649, CA1823, CS0169, IDE0051
}
