namespace Quarry.Gc;

/// <summary>Provides the pages of the heap, together with those of the tables about it.</summary>
/// <remarks>
/// The heap and its tables are reserved without access, and committed as the heap grows, because a crash
/// dump reads every writable page. The runtime's write barriers mark a byte for each 2 KiB of the heap, and
/// one for each 2 MiB; those of Server GC always do, although only the mode <c>collect</c> reads the marks.
/// </remarks>
internal readonly unsafe struct HeapPageSource : IPageSource
{
    /// <summary>
    /// The binary logarithm of the number of heap bytes per byte of the card table; defined by the runtime.
    /// </summary>
    internal const int CardShift = 11;

    /// <summary>The same for the card bundle table.</summary>
    internal const int BundleShift = 21;

    private const nuint HugePage = 2 << 20;

    private static byte* s_start;
    private static byte* s_bundles;
    private static SideTable s_cards;

    /// <summary>The first address of the heap.</summary>
    internal static byte* Start => s_start;

    /// <summary>The card table, whose first byte is that of the start of the heap.</summary>
    internal static byte* Cards => s_cards.Start;

    /// <summary>The card bundle table, whose first byte is that of the start of the heap.</summary>
    internal static byte* Bundles => s_bundles;

    /// <summary>The card table, biased so that the runtime can index it by addresses.</summary>
    internal static byte* BiasedCards => s_cards.Start - ((nuint)s_start >> CardShift);

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
        nuint bundles = Layout.AlignUp((size >> BundleShift) + Os.PageSize, Os.PageSize);
        s_start = (byte*)pages.Reserve(pages.State, size, HugePage);
        s_bundles = (byte*)Os.Map(bundles);
        bool reserved = s_start != null && s_bundles != null && s_cards.TryReserve(size, CardShift)
            && (!HeapMode.IsCollecting || CollectorTables.TryReserve(size));
        if (reserved)
        {
            return s_start;
        }

        CollectorTables.Release();
        s_cards.Release();
        Unmap(s_start, size);
        Unmap(s_bundles, bundles);
        return null;
    }

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size)
    {
        nuint offset = (nuint)((byte*)start - s_start);
        bool committed = s_cards.TryCommit(offset, size)
            && (!HeapMode.IsCollecting || CollectorTables.TryCommit(offset, size))
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
