namespace Quarry;

/// <summary>Provides the pages of an allocator.</summary>
/// <remarks>
/// Sizes and addresses are multiples of <see cref="PageSource.Granularity"/>. Several threads may call a
/// source at once. No method throws.
/// </remarks>
public unsafe interface IPageSource
{
    /// <summary>
    /// Gets a value that indicates whether a reserved range costs address space only. A heap then reserves
    /// far more than it needs.
    /// </summary>
    static abstract bool ReservesAddressSpace { get; }

    /// <summary>
    /// Gets a value that indicates whether <see cref="TryResize"/> and <see cref="TryMove"/> can succeed. A
    /// heap then gives large blocks that grow a range of their own.
    /// </summary>
    static abstract bool CanResize { get; }

    /// <summary>Reserves an aligned range of address space, which must be committed before use.</summary>
    /// <returns>
    /// The start of the range; null if there is none of that size, though there may be a smaller one.
    /// </returns>
    void* Reserve(nuint size, nuint alignment);

    /// <summary>
    /// Makes a part of a reserved range accessible. It reads as zeros when it is committed for the first
    /// time.
    /// </summary>
    /// <remarks>
    /// Several threads may commit the same pages at once, or once more: the contents must be kept then.
    /// </remarks>
    bool Commit(void* start, nuint size);

    /// <summary>Frees the physical memory behind committed pages, which stay accessible.</summary>
    /// <returns>True if they read as zeros from now on; false if their contents are unknown.</returns>
    bool Purge(void* start, nuint size);

    /// <summary>Releases a whole reserved range.</summary>
    void Release(void* start, nuint size);

    /// <summary>Tries to change the size of a reserved range in place.</summary>
    /// <param name="start">The start of the range, which is committed as a whole.</param>
    /// <param name="oldSize">The size of the range, in bytes.</param>
    /// <param name="newSize">The new size, in bytes; not 0.</param>
    /// <returns>
    /// True if the range has the new size now and is committed as a whole; added bytes read as zeros.
    /// False if the range is as it was.
    /// </returns>
    bool TryResize(void* start, nuint oldSize, nuint newSize);

    /// <summary>Tries to move a reserved range onto another one without copying its contents.</summary>
    /// <param name="from">The start of the range, which is committed as a whole.</param>
    /// <param name="oldSize">The size of the range, in bytes.</param>
    /// <param name="to">The start of another reserved range, of which nothing is committed.</param>
    /// <param name="newSize">The size of that range, in bytes; at least <paramref name="oldSize"/>.</param>
    /// <returns>
    /// True if the old range is released and the new one is committed as a whole: it begins with the
    /// contents of the old one and is zero behind them. False if both ranges are as they were.
    /// </returns>
    bool TryMove(void* from, nuint oldSize, void* to, nuint newSize);
}
