namespace Quarry;

/// <summary>Making regions.</summary>
internal unsafe partial struct Region
{
    /// <summary>Below this a region would be mostly tables.</summary>
    internal const nuint MinSize = 4 * 1024 * 1024;

    /// <summary>Reserves a region and lays out its tables.</summary>
    /// <param name="source">Where to reserve.</param>
    /// <param name="size">Bytes of address space, a multiple of a slice.</param>
    /// <param name="alignment">Of its start, at least a slice.</param>
    /// <param name="headerBytes">Room to leave at the very start, zeroed, for what is to lie there.</param>
    /// <param name="spareBytes">At least so much more behind the tables, zeroed.</param>
    /// <param name="spare">Where that is.</param>
    /// <returns>The region, with <see cref="Heap"/> still to be set; or null.</returns>
    internal static Region* TryCreate(
        PageSource* source,
        nuint size,
        nuint alignment,
        nuint headerBytes,
        nuint spareBytes,
        out void* spare)
    {
        byte* start = (byte*)source->Reserve(source->State, size, alignment);
        spare = null;
        if (start == null)
        {
            return null;
        }

        nuint slices = size >> Log2Slice;
        nuint words = (slices + 63) / 64;
        nuint at = Layout.AlignUp(headerBytes, 64);
        nuint regionAt = Place(ref at, (nuint)sizeof(Region));
        nuint summaryAt = Place(ref at, (words + 63) / 64 * sizeof(ulong));
        nuint wordsAt = Place(ref at, words * (nuint)sizeof(SliceWord));
        // One entry more than there are slices stays empty: every address outside meets it.
        nuint pagesAt = Place(ref at, (slices + 1) * (nuint)sizeof(Page));
        nuint spareAt = Place(ref at, spareBytes);
        nuint firstSlice = Layout.AlignUp(at, SliceSize) >> Log2Slice;

        if (firstSlice >= slices || !source->Commit(source->State, start, firstSlice << Log2Slice))
        {
            source->Release(source->State, start, size);
            return null;
        }

        // The tables are sparse: where 2 MiB pages are the rule, a touch here and there would back all of
        // them.
        if (source->ReservesAddressSpace)
        {
            Os.AvoidHugePages(start, firstSlice << Log2Slice);
        }

        Region* region = (Region*)(start + regionAt);
        region->Base = start;
        region->SliceCount = slices;
        region->FirstSlice = firstSlice;
        region->Frontier = firstSlice;
        region->Committed = firstSlice;
        region->Pages = (Page*)(start + pagesAt);
        region->Words = (SliceWord*)(start + wordsAt);
        region->Summary = (ulong*)(start + summaryAt);
        spare = start + spareAt;
        return region;
    }

    /// <summary>Adds a region that can serve a request to a heap.</summary>
    /// <returns>
    /// The region; or null if there is no address space, or the request is larger than any region.
    /// </returns>
    internal static Region* TryAdd(HeapState* heap, nuint count, nuint alignment)
    {
        nuint needed = (count << Log2Slice) + (alignment > SliceSize ? alignment : 0);
        for (nuint size = heap->RegionSize; size >= MinSize && size / 2 > needed; size /= 2)
        {
            Region* region = TryCreate(
                &heap->Pages, size, Alignment, 0, PageMap.LeafBytesFor(size), out void* leaves);
            if (region != null)
            {
                region->Heap = heap;
                heap->PageMap.Set(region->Base, size, (nuint)region | PageMap.RegionTag, (byte*)leaves);
                Append(heap, region);
                return region;
            }
        }

        return null;
    }

    private static void Append(HeapState* heap, Region* region)
    {
        Region* last = heap->First;
        for (; ; )
        {
            nuint next = Atomic.Read(ref *(nuint*)&last->Next);
            if (next == 0 && Atomic.TryReplace(ref *(nuint*)&last->Next, 0, (nuint)region))
            {
                return;
            }

            last = next == 0 ? last : (Region*)next;
        }
    }

    private static nuint Place(ref nuint at, nuint bytes)
    {
        nuint offset = at;
        at = Layout.AlignUp(at + bytes, 64);
        return offset;
    }
}
