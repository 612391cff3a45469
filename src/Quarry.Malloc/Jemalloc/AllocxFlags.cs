namespace Quarry.Malloc;

/// <summary>The flags of jemalloc's <c>*allocx</c> functions, decoded.</summary>
/// <remarks>
/// Bits 0 to 5 are the logarithm of the alignment, bit 6 asks for zeros, bits 8 to 19 are the ID of an
/// explicit cache plus 2 (1 is no cache, 0 the thread's), and bits 20 to 31 the arena plus 1 (0 is the
/// thread's).
/// </remarks>
internal readonly struct AllocxFlags(int flags)
{
    private const int Log2AlignmentMask = 0x3f, ZeroBit = 0x40;
    private const int CacheShift = 8, CacheMask = 0xfff, FirstCache = 2;
    private const int ArenaShift = 20;

    internal nuint Alignment => (nuint)1 << (flags & Log2AlignmentMask);

    internal bool Zeroes => (flags & ZeroBit) != 0;

    /// <summary>
    /// Determines whether the arena and the explicit cache exist; ends the process if the cache was
    /// destroyed.
    /// </summary>
    /// <remarks>
    /// The heap has no separate arenas, so arena 0 is the only one. jemalloc would serve the request from
    /// another arena, or crash for a cache that was never created.
    /// </remarks>
    internal bool AreValid()
    {
        uint arena = (uint)flags >> ArenaShift;
        int cache = (flags >> CacheShift) & CacheMask;
        return arena <= Arenas.Count && (cache < FirstCache || ExplicitCaches.Exists(cache - FirstCache));
    }
}
