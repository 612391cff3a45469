namespace Quarry;

/// <summary>Provides the memory of an allocator, in pages.</summary>
/// <remarks>
/// Sizes, in bytes, and addresses are multiples of <see cref="PageSource.Granularity"/>. Several threads may
/// call a source at once. No method throws.
/// </remarks>
public unsafe interface IPageSource
{
    /// <summary>
    /// Gets a value that indicates whether a reserved range costs only address space. If so, a heap reserves
    /// far more than it needs.
    /// </summary>
    static abstract bool ReservesAddressSpace { get; }

    /// <summary>
    /// Gets a value that indicates whether <see cref="TryResize"/> and <see cref="TryMove"/> can succeed. If
    /// so, a heap reserves a range of its own for each large block that keeps growing.
    /// </summary>
    static abstract bool CanResize { get; }

    /// <summary>Reserves an aligned range of address space, which must be committed before use.</summary>
    /// <returns>
    /// The start of the range; null if no range of that size is available, though a smaller one may be.
    /// </returns>
    void* Reserve(nuint size, nuint alignment);

    /// <summary>
    /// Makes a part of a reserved range accessible. Memory that is committed for the first time reads as
    /// zeros.
    /// </summary>
    /// <remarks>
    /// The same pages may be committed repeatedly, and by several threads at once: their contents must be
    /// preserved.
    /// </remarks>
    bool Commit(void* start, nuint size);

    /// <summary>Frees the physical memory behind committed pages, which stay accessible.</summary>
    /// <returns>True if the pages then read as zeros; false if their contents are undefined.</returns>
    bool Purge(void* start, nuint size);

    /// <summary>Releases a whole reserved range.</summary>
    void Release(void* start, nuint size);

    /// <summary>Tries to change the size of a reserved range in place.</summary>
    /// <param name="start">The start of the range, which is committed as a whole.</param>
    /// <param name="oldSize">The size of the range, in bytes.</param>
    /// <param name="newSize">The new size, in bytes; not 0.</param>
    /// <returns>
    /// True if the range now has the new size and is entirely committed; added bytes read as zeros. False if
    /// the range is unchanged.
    /// </returns>
    bool TryResize(void* start, nuint oldSize, nuint newSize);

    /// <summary>Tries to move a reserved range onto another one without copying its contents.</summary>
    /// <param name="from">The start of the range, which is committed as a whole.</param>
    /// <param name="oldSize">The size of the range, in bytes.</param>
    /// <param name="to">The start of another reserved range, no part of which is committed.</param>
    /// <param name="newSize">The size of that range, in bytes; at least <paramref name="oldSize"/>.</param>
    /// <returns>
    /// True if the old range is released and the new one is entirely committed: it begins with the contents
    /// of the old one, followed by zeros. False if both ranges are unchanged.
    /// </returns>
    bool TryMove(void* from, nuint oldSize, void* to, nuint newSize);
}
