namespace Quarry;

/// <summary>A page source as a value: four functions and what they work on.</summary>
/// <remarks>
/// The form in which a heap keeps its source, since a heap asks for pages so rarely that an indirect call
/// costs nothing there; and the form in which a caller supplies functions of his own. The functions follow
/// the contract of <see cref="IPageSource"/>; each gets <see cref="State"/> first.
/// </remarks>
public unsafe partial struct PageSource
{
    /// <summary>The unit, in bytes, of every size and address that a heap passes to a source.</summary>
    public const int Granularity = 4096;

    /// <summary>Passed to each function.</summary>
    public void* State { get; set; }

    /// <summary>See <see cref="IPageSource.Reserve"/>.</summary>
    public delegate*<void*, nuint, nuint, void*> Reserve { get; set; }

    /// <summary>See <see cref="IPageSource.Commit"/>.</summary>
    public delegate*<void*, void*, nuint, bool> Commit { get; set; }

    /// <summary>See <see cref="IPageSource.Purge"/>.</summary>
    public delegate*<void*, void*, nuint, bool> Purge { get; set; }

    /// <summary>See <see cref="IPageSource.Release"/>.</summary>
    public delegate*<void*, void*, nuint, void> Release { get; set; }

    /// <summary>See IPageSource.TryResize; null if the source cannot.</summary>
    public delegate*<void*, void*, nuint, nuint, bool> TryResize { get; set; }

    /// <summary>See IPageSource.TryMove; null if the source cannot.</summary>
    public delegate*<void*, void*, nuint, void*, nuint, bool> TryMove { get; set; }

    /// <summary>Whether a reserved range costs address space only.</summary>
    public bool ReservesAddressSpace { get; set; }

    /// <summary>Pages from <c>mmap</c>, see <see cref="MmapPageSource"/>; null on Windows.</summary>
    public static PageSource Mmap()
    {
        // A stateless source is called through a pointer that nobody follows.
        PageSource source = Of((MmapPageSource*)null);
        source.ReservesAddressSpace = true;
        source.TryResize = &TryResizeMapping;
        source.TryMove = &TryMoveMapping;
        return source;
    }

    /// <summary>The program break, see <see cref="BrkPageSource"/>.</summary>
    public static PageSource Brk() => Of((BrkPageSource*)null);

    /// <summary>
    /// Any source. <paramref name="instance"/> stays where it is as long as the heap lives.
    /// </summary>
    public static PageSource Of<TPages>(TPages* instance) where TPages : unmanaged, IPageSource => new()
    {
        State = instance,
        Reserve = &Calls<TPages>.Reserve,
        Commit = &Calls<TPages>.Commit,
        Purge = &Calls<TPages>.Purge,
        Release = &Calls<TPages>.Release,
    };

    internal static bool TryResizeMapping(void* s, void* start, nuint oldSize, nuint newSize) => Os.Resize(start, oldSize, newSize);

    internal static bool TryMoveMapping(void* s, void* from, nuint oldSize, void* to, nuint newSize) => Os.MoveMapping(from, oldSize, to, newSize);

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
    }
}
