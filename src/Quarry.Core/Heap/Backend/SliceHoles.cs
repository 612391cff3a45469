namespace Quarry;

/// <summary>
/// The parts of a slice of a page of small blocks that were purged although the page is in use.
/// </summary>
/// <remarks>Written by the owner of the page only; not part of the descriptor, which is full.</remarks>
internal unsafe struct SliceHoles
{
    /// <summary>The number of pages of the operating system in a slice, one bit of each.</summary>
    internal static nuint PerSlice => Region.SliceSize / Os.PageSize;

    /// <summary>The pages of the operating system that were purged.</summary>
    public ushort Purged;

    /// <summary>
    /// In the first slice of a page: the number of used blocks when <see cref="IdlePages"/> last visited it,
    /// and a bit.
    /// </summary>
    public ushort SeenUsed;

    /// <summary>Determines whether a page of the operating system is purged.</summary>
    /// <param name="holes">The entry of the first slice of a page.</param>
    /// <param name="osPage">The index of the page of the operating system in the page.</param>
    internal static bool IsPurged(SliceHoles* holes, nuint osPage) =>
        (holes[osPage / PerSlice].Purged >> (int)(osPage % PerSlice) & 1) != 0;
}
