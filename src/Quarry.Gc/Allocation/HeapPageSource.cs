namespace Quarry.Gc;

/// <summary>Provides the pages of the heap, together with those of the card tables.</summary>
/// <remarks>
/// The heap and its card table are reserved without access, and committed as the heap grows, because a crash
/// dump reads every writable page. The runtime's write barriers mark a byte for each 2 KiB of the heap, and
/// one for each 2 MiB; those of Server GC always do, although nothing here reads the marks.
/// </remarks>
internal readonly unsafe struct HeapPageSource : IPageSource
{
    /// <summary>
    /// The binary logarithm of the number of heap bytes per byte of the card table; defined by the runtime.
    /// </summary>
    private const int CardShift = 11;

    /// <summary>The same for the card bundle table.</summary>
    private const int BundleShift = 21;

    private const nuint HugePage = 2 << 20;

    private static byte* s_start;
    private static byte* s_cards;
    private static byte* s_bundles;

    /// <summary>The first address of the heap.</summary>
    internal static byte* Start => s_start;

    /// <summary>The card table, biased so that the runtime can index it by addresses.</summary>
    internal static byte* BiasedCards => s_cards - ((nuint)s_start >> CardShift);

    /// <summary>The card bundle table, biased in the same way.</summary>
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
            // Every allocation is in new memory, so page faults dominate its cost.
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
