namespace Quarry.Gc;

/// <summary>The pages of the managed heap, and with them those of the tables that describe it.</summary>
/// <remarks>
/// All are reserved without access and made usable in step, because a crash dump looks at every page that is
/// writable. The runtime's write barriers mark a byte for each 2 KiB of the heap, and one for each 2 MiB;
/// Server GC always does, though nobody reads the marks.
/// </remarks>
internal readonly unsafe struct ManagedPages : IPageSource
{
    /// <summary>
    /// One byte of the card table for so many of the heap: the runtime's constant, as a shift.
    /// </summary>
    internal const int CardShift = 11;

    /// <summary>One byte of the card bundle table for so many of the heap.</summary>
    internal const int BundleShift = 21;

    private const nuint HugePage = 2 << 20;

    private static byte* s_start;
    private static byte* s_cards;
    private static byte* s_bundles;

    /// <summary>The first address of the heap.</summary>
    internal static byte* Start => s_start;

    /// <summary>The card table, as the runtime wants it: indexed by whole addresses.</summary>
    internal static byte* BiasedCards => s_cards - ((nuint)s_start >> CardShift);

    /// <summary>The card bundle table, likewise.</summary>
    internal static byte* BiasedBundles => s_bundles - ((nuint)s_start >> BundleShift);

    /// <inheritdoc/>
    public static bool ReservesAddressSpace => true;

    /// <inheritdoc/>
    public static bool CanResize => false;

    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment)
    {
        PageSource pages = PageSource.Mmap();
        nuint cards = (size >> CardShift) + Os.PageSize;
        nuint bundles = (size >> BundleShift) + Os.PageSize;
        s_start = (byte*)pages.Reserve(pages.State, size, HugePage);
        s_cards = (byte*)pages.Reserve(pages.State, Layout.AlignUp(cards, Os.PageSize), Os.PageSize);
        s_bundles = (byte*)Os.Map(Layout.AlignUp(bundles, Os.PageSize));
        if (s_start != null && s_cards != null && s_bundles != null)
        {
            return s_start;
        }

        Unmap(s_start, size);
        Unmap(s_cards, Layout.AlignUp(cards, Os.PageSize));
        Unmap(s_bundles, Layout.AlignUp(bundles, Os.PageSize));
        return null;
    }

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size)
    {
        nuint first = Layout.AlignDown((nuint)((byte*)start - s_start) >> CardShift, Os.PageSize);
        nuint end = ((nuint)((byte*)start - s_start) + size) >> CardShift;
        bool committed = Os.Commit(s_cards + first, Layout.AlignUp(end + 1, Os.PageSize) - first)
            && Os.Commit(start, size);
        if (committed)
        {
            // The heap only grows, so what a page fault costs is what an allocation costs.
            Os.PreferHugePages(start, size);
        }

        return committed;
    }

    /// <inheritdoc/>
    public bool Purge(void* start, nuint size) => false;

    /// <inheritdoc/>
    public void Release(void* start, nuint size)
    {
    }

    /// <inheritdoc/>
    public bool TryResize(void* start, nuint oldSize, nuint newSize) => false;

    /// <inheritdoc/>
    public bool TryMove(void* from, nuint oldSize, void* to, nuint newSize) => false;

    private static void Unmap(byte* start, nuint size)
    {
        if (start != null)
        {
            Os.Unmap(start, size);
        }
    }
}
