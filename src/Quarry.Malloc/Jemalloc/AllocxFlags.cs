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

    /// <summary>Determines whether the caller asks neither for an alignment nor for zeros.</summary>
    internal bool IsPlain => (flags & (Log2AlignmentMask | ZeroBit)) == 0;

    internal bool Zeroes => (flags & ZeroBit) != 0;

    /// <summary>Determines whether the caller names an arena or an explicit cache.</summary>
    internal bool HasPlace => ((uint)flags >> ArenaShift) != 0 || HasCache;

    /// <summary>Determines whether the caller names an arena.</summary>
    internal bool HasArena => ((uint)flags >> ArenaShift) != 0;

    /// <summary>The index of the arena that the caller names.</summary>
    internal uint Arena => ((uint)flags >> ArenaShift) - 1;

    internal bool HasCache => CacheField >= FirstCache;

    /// <summary>The ID of the explicit cache that the caller names.</summary>
    internal int Cache => CacheField - FirstCache;

    private int CacheField => (flags >> CacheShift) & CacheMask;
}
