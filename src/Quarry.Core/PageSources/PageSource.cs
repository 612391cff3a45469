namespace Quarry;

/// <summary>Represents a page source as a value: its functions and a pointer to its state.</summary>
/// <remarks>
/// A heap keeps its source in this form, because it calls the source so rarely that indirect calls cost
/// nothing. A program can also set functions of its own. They follow the contract of
/// <see cref="IPageSource"/>, and receive <see cref="State"/> as their first argument.
/// </remarks>
public unsafe partial struct PageSource
{
    /// <summary>
    /// Gets the unit, in bytes, of every size and address that is passed to a source: the system's page size.
    /// </summary>
    public static nuint Granularity => Os.PageSize;

    /// <summary>Gets or sets the first argument of each function.</summary>
    public void* State { get; set; }

    /// <inheritdoc cref="IPageSource.ReservesAddressSpace"/>
    public bool ReservesAddressSpace { get; set; }

    /// <summary>Gets or sets the function behind <see cref="IPageSource.Reserve"/>.</summary>
    public delegate*<void*, nuint, nuint, void*> Reserve { get; set; }

    /// <summary>Gets or sets the function behind <see cref="IPageSource.Commit"/>.</summary>
    public delegate*<void*, void*, nuint, bool> Commit { get; set; }

    /// <summary>Gets or sets the function behind <see cref="IPageSource.Purge"/>.</summary>
    public delegate*<void*, void*, nuint, bool> Purge { get; set; }

    /// <summary>Gets or sets the function behind <see cref="IPageSource.Release"/>.</summary>
    public delegate*<void*, void*, nuint, void> Release { get; set; }

    /// <summary>
    /// Gets or sets the function behind <see cref="IPageSource.TryResize"/>; null if it is not supported.
    /// </summary>
    public delegate*<void*, void*, nuint, nuint, bool> TryResize { get; set; }

    /// <summary>
    /// Gets or sets the function behind <see cref="IPageSource.TryMove"/>; null if it is not supported.
    /// With it, a block of many megabytes grows by moving page tables; without it, by copying.
    /// </summary>
    public delegate*<void*, void*, nuint, void*, nuint, bool> TryMove { get; set; }

    /// <summary>
    /// Returns an <see cref="MmapPageSource"/>. On systems other than Linux, every reservation fails.
    /// </summary>
    // A source without state is called through a pointer that is never dereferenced.
    public static PageSource Mmap() => Of((MmapPageSource*)null);

    /// <summary>
    /// Returns a <see cref="BrkPageSource"/>. On systems other than Linux, every reservation fails.
    /// </summary>
    public static PageSource Brk() => Of((BrkPageSource*)null);

    /// <summary>
    /// Returns any page source as a value. <paramref name="instance"/> must stay at its address as long as
    /// the value is used.
    /// </summary>
    public static PageSource Of<TPages>(TPages* instance) where TPages : unmanaged, IPageSource => new()
    {
        State = instance,
        ReservesAddressSpace = TPages.ReservesAddressSpace,
        Reserve = &Calls<TPages>.Reserve,
        Commit = &Calls<TPages>.Commit,
        Purge = &Calls<TPages>.Purge,
        Release = &Calls<TPages>.Release,
        TryResize = TPages.CanResize ? &Calls<TPages>.TryResize : null,
        TryMove = TPages.CanResize ? &Calls<TPages>.TryMove : null,
    };

    private static class Calls<TPages> where TPages : unmanaged, IPageSource
    {
        internal static void* Reserve(void* source, nuint size, nuint alignment) =>
            ((TPages*)source)->Reserve(size, alignment);

        internal static bool Commit(void* source, void* start, nuint size) =>
            ((TPages*)source)->Commit(start, size);

        internal static bool Purge(void* source, void* start, nuint size) =>
            ((TPages*)source)->Purge(start, size);

        internal static void Release(void* source, void* start, nuint size) =>
            ((TPages*)source)->Release(start, size);

        internal static bool TryResize(void* source, void* start, nuint oldSize, nuint newSize) =>
            ((TPages*)source)->TryResize(start, oldSize, newSize);

        internal static bool TryMove(void* source, void* from, nuint oldSize, void* to, nuint newSize) =>
            ((TPages*)source)->TryMove(from, oldSize, to, newSize);
    }
}
