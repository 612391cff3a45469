namespace Quarry;

/// <summary>Where an allocator gets its pages from.</summary>
/// <remarks>
/// Sizes and addresses are multiples of <see cref="PageSource.Granularity"/>. A source may be called by
/// several threads at once. No method throws.
/// </remarks>
public unsafe interface IPageSource
{
    /// <summary>
    /// Takes a range of address space, aligned as asked, which may not be touched until committed.
    /// </summary>
    /// <returns>
    /// Its start, or null if there is none of that size; a smaller one may then still be had.
    /// </returns>
    void* Reserve(nuint size, nuint alignment);

    /// <summary>
    /// Makes a part of a reserved range usable. It reads as zeros when committed for the first time.
    /// </summary>
    /// <remarks>
    /// Two threads may commit the same pages at once, or again: their contents must then be kept.
    /// </remarks>
    bool Commit(void* start, nuint size);

    /// <summary>Gives the physical memory behind committed pages back; they stay usable.</summary>
    /// <returns>Whether they read as zeros from now on. False if nothing was done.</returns>
    bool Purge(void* start, nuint size);

    /// <summary>Gives a whole reserved range back.</summary>
    void Release(void* start, nuint size);
}
