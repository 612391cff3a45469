namespace Quarry;

/// <content>Creates regions.</content>
internal unsafe partial struct Region
{
    /// <summary>The size of the smallest region; a smaller one would consist mostly of tables.</summary>
    internal const nuint MinSize = 2 * Alignment;

    /// <summary>Reserves a region and lays out its tables.</summary>
    /// <remarks>
    /// <para>
    /// If the source reserves address space, the first page of the region and the page before the first slice
    /// stay inaccessible: neither an overrun of the mapping before the region nor an underrun of its first
    /// block may reach the tables.
    /// </para>
    /// <para>
    /// What every use of a region touches comes first, and then what the caller adds, so that a small heap
    /// touches few pages: those of the tables are touched only as slices are used.
    /// </para>
    /// </remarks>
    /// <param name="supply">The source of memory; must not move as long as the region exists.</param>
    /// <param name="size">The number of bytes of address space, a multiple of a slice.</param>
    /// <param name="alignment">The alignment of its start, in bytes; at least a slice.</param>
    /// <param name="headerBytes">The number of zeroed bytes before the region, for the caller.</param>
    /// <param name="spareBytes">The number of zeroed bytes before the tables, for the caller.</param>
    /// <param name="spare">The address of the bytes before the tables.</param>
    /// <returns>The region; null if out of memory, or if the tables do not fit.</returns>
    internal static Region* TryCreate(
        PageSupply* supply,
        nuint size,
        nuint alignment,
        nuint headerBytes,
        nuint spareBytes,
        out void* spare)
    {
        PageSource* source = &supply->Source;
        byte* start = (byte*)source->Reserve(source->State, size, alignment);
        spare = null;
        if (start == null)
        {
            return null;
        }

        nuint guard = GuardSize(source);
        nuint slices = size >> Log2Slice;
        nuint words = (slices + 63) / 64;
        nuint at = Layout.AlignUp(guard + headerBytes, 64);
        nuint regionAt = Place(ref at, (nuint)sizeof(Region));
        nuint summaryAt = Place(ref at, (words + 63) / 64 * sizeof(ulong));
        nuint longestAt = Place(ref at, ((slices / GroupSlices) + 1) * sizeof(ulong));
        nuint spareAt = Place(ref at, spareBytes);
        nuint wordsAt = Place(ref at, words * (nuint)sizeof(SliceWord));
        nuint holesAt = Place(ref at, slices * (nuint)sizeof(SliceHoles));
        // One more descriptor than there are slices: the fast path maps every address outside the region to
        // the last one, which stays empty.
        nuint pagesAt = Place(ref at, (slices + 1) * (nuint)sizeof(Page));
        nuint end = Layout.AlignUp(at, guard == 0 ? SliceSize : guard);
        nuint firstSlice = Layout.AlignUp(end + guard, SliceSize) >> Log2Slice;

        if (firstSlice >= slices || !source->Commit(source->State, start + guard, end - guard))
        {
            source->Release(source->State, start, size);
            return null;
        }

        // The tables are sparse: with transparent 2 MiB pages, touching a few bytes would back all of them.
        if (source->ReservesAddressSpace)
        {
            Os.AvoidHugePages(start + guard, end - guard);
        }

        Region* region = (Region*)(start + regionAt);
        region->Supply = supply;
        region->Base = start;
        region->SliceCount = slices;
        region->FirstSlice = firstSlice;
        region->HighWater = firstSlice;
        region->Committed = firstSlice;
        region->PurgeWord = nuint.MaxValue / 2;
        region->Pages = (Page*)(start + pagesAt);
        region->Longest = (ulong*)(start + longestAt);
        region->Holes = (SliceHoles*)(start + holesAt);
        region->Words = (SliceWord*)(start + wordsAt);
        region->Summary = (ulong*)(start + summaryAt);
        spare = start + spareAt;
        return region;
    }

    /// <summary>
    /// Returns the size of the inaccessible area at the start of a region: the header follows it.
    /// </summary>
    internal static nuint GuardSize(PageSource* source) => source->ReservesAddressSpace ? Os.PageSize : 0;

    /// <summary>Releases a region that nothing refers to yet.</summary>
    internal readonly void Release() => Supply->Source.Release(Supply->Source.State, Base, Size);

    private static nuint Place(ref nuint at, nuint bytes)
    {
        nuint offset = at;
        at = Layout.AlignUp(at + bytes, 64);
        return offset;
    }
}
