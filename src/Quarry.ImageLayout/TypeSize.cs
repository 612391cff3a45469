namespace Quarry.ImageLayout;

/// <summary>Represents the size and alignment of a type, in bytes.</summary>
internal readonly record struct TypeSize(int Size, int Alignment)
{
    internal static TypeSize Pointer { get; } = new(8, 8);

    /// <summary>
    /// Returns the offset of a member of this type when the preceding members end at <paramref name="end"/>.
    /// </summary>
    internal int OffsetAfter(int end) => (end + Alignment - 1) / Alignment * Alignment;
}
