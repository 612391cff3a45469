using System.Numerics;

namespace Quarry;

/// <summary>A contiguous range of address space, cut into slices of 64 KiB.</summary>
/// <remarks>
/// It begins with its own tables. Slices are handed out from the lowest free one, or from the frontier,
/// behind which nothing was ever used. Everything is lock-free; see <see cref="SliceWord"/> for the rule
/// that makes it safe.
/// </remarks>
internal unsafe partial struct Region
{
    internal const int Log2Slice = 16;
    internal const nuint SliceSize = 1 << Log2Slice;

    /// <summary>
    /// All regions but a heap's first begin at multiples of this, so that a directory of such granules
    /// finds them.
    /// </summary>
    internal const nuint Alignment = 2 * 1024 * 1024;

    // Committed at the frontier in steps of an eighth of what is there: few calls, little beyond the need.
    // The first steps are of 1 MiB, so that where 2 MiB pages are the rule a small program is not given
    // one.
    private const nuint MinCommit = 16, MaxCommit = 512;

    /// <summary>The heap it belongs to.</summary>
    public HeapState* Heap;

    /// <summary>The next region of the heap. Regions are never removed from the list.</summary>
    public Region* Next;

    /// <summary>The first byte; slice 0 begins here.</summary>
    public byte* Base;

    /// <summary>The number of slices, the tables' own included.</summary>
    public nuint SliceCount;

    /// <summary>The first slice behind the tables.</summary>
    public nuint FirstSlice;

    /// <summary>One entry a slice.</summary>
    public Page* Pages;

    /// <summary>One entry for 64 slices.</summary>
    public SliceWord* Words;

    /// <summary>
    /// One bit for each word that has a free slice; may be set without need, never missing for long.
    /// </summary>
    public ulong* Summary;

    /// <summary>Slices from here on were never handed out.</summary>
    public nuint Frontier;

    /// <summary>Slices from here on are only reserved.</summary>
    public nuint Committed;

    /// <summary>No slice.</summary>
    internal static nuint None => nuint.MaxValue;

    internal readonly nuint Size => SliceCount << Log2Slice;

    internal readonly byte* AddressOf(nuint slice) => Base + (slice << Log2Slice);

    internal readonly nuint SliceOf(Page* page) => (nuint)(page - Pages);

    internal readonly byte* StartOf(Page* page) => AddressOf(SliceOf(page));

    /// <summary>The region whose table an entry is in.</summary>
    internal static Region* Of(HeapState* heap, Page* page) => heap->RegionOf(page);

    /// <summary>Takes consecutive slices, committed and ready to use.</summary>
    /// <param name="count">How many.</param>
    /// <param name="alignment">Of the address, in bytes; at least a slice.</param>
    /// <param name="zeroed">Whether they read as zeros.</param>
    /// <returns>The first one, or <see cref="None"/>.</returns>
    internal nuint Take(nuint count, nuint alignment, out bool zeroed)
    {
        nuint slice = count == 1 && alignment <= SliceSize ? TakeOne() : TakeRun(count, alignment);
        if (slice != None)
        {
            zeroed = !ClearStale(slice, count);
            return slice;
        }

        zeroed = true;
        return TakeFrontier(count, alignment);
    }

    /// <summary>Takes exactly these slices if they are free, to let a block grow where it lies.</summary>
    internal bool TryTakeAt(nuint slice, nuint count)
    {
        nuint end = slice + count;
        nuint frontier = Atomic.Read(ref Frontier);
        if (slice == frontier)
        {
            return end <= SliceCount && TryCommit(end) && Atomic.TryReplace(ref Frontier, frontier, end);
        }

        if (end > frontier || NextTaken(slice, end) != end || !TryClaim(slice, count))
        {
            return false;
        }

        _ = ClearStale(slice, count);
        return true;
    }

    /// <summary>Gives slices back.</summary>
    /// <param name="slice">The first.</param>
    /// <param name="count">How many.</param>
    /// <param name="stale">Whether anything may have been written to them.</param>
    internal void Give(nuint slice, nuint count, bool stale)
    {
        nuint end = slice + count;
        while (slice < end)
        {
            SliceWord* word = &Words[slice / 64];
            ulong mask = MaskOf(slice, end);
            if (stale)
            {
                // Before the slices can be taken by others: who takes them must see that they are not zero.
                Atomic.Set(ref word->Young, mask);
            }

            Atomic.Set(ref word->Free, mask);
            SetSummary(slice / 64);
            slice = (slice / 64 * 64) + 64;
        }
    }

    private nuint TakeOne()
    {
        nuint words = WordsInUse();
        for (nuint group = 0; group * 64 < words; group++)
        {
            ulong candidates = Atomic.Read(ref Summary[group]);
            for (; candidates != 0; candidates &= candidates - 1)
            {
                nuint index = (group * 64) + (nuint)BitOperations.TrailingZeroCount(candidates);
                ulong* free = &Words[index].Free;
                for (ulong seen = Atomic.Read(ref *free); seen != 0; seen = Atomic.Read(ref *free))
                {
                    ulong lowest = seen & (0 - seen);
                    if (Atomic.TryReplace(ref *free, seen, seen & ~lowest))
                    {
                        return (index * 64) + (nuint)BitOperations.TrailingZeroCount(lowest);
                    }
                }

                ClearSummary(index);
            }
        }

        return None;
    }

    private nuint TakeRun(nuint count, nuint alignment)
    {
        nuint frontier = Atomic.Read(ref Frontier);
        nuint slice = NextFree(FirstSlice, frontier);
        while (slice < frontier)
        {
            nuint start = AlignSlice(slice, alignment);
            if (start >= frontier || count > frontier - start)
            {
                return None;
            }

            nuint end = NextTaken(start, start + count);
            if (end - start == count && TryClaim(start, count))
            {
                return start;
            }

            slice = NextFree(end > start ? end : start + 1, frontier);
        }

        return None;
    }

    private nuint TakeFrontier(nuint count, nuint alignment)
    {
        for (; ; )
        {
            nuint frontier = Atomic.Read(ref Frontier);
            nuint start = AlignSlice(frontier, alignment);
            if (start > SliceCount || count > SliceCount - start || !TryCommit(start + count))
            {
                return None;
            }

            // Commit first: a frontier beyond committed memory could not be taken back if that failed.
            if (Atomic.TryReplace(ref Frontier, frontier, start + count))
            {
                if (start > frontier)
                {
                    Give(frontier, start - frontier, stale: false);
                }

                return start;
            }
        }
    }

    private bool TryCommit(nuint end)
    {
        nuint committed = Atomic.Read(ref Committed);
        if (end <= committed)
        {
            return true;
        }

        nuint step = (committed - FirstSlice) / 8;
        step = step < MinCommit ? MinCommit : step > MaxCommit ? MaxCommit : step;
        nuint generous = end - committed > step ? end : committed + step;
        generous = generous > SliceCount ? SliceCount : generous;

        // Two threads may commit the same pages: that is harmless, and the higher mark wins.
        if (!Commit(committed, generous))
        {
            generous = end;
            if (!Commit(committed, end))
            {
                return false;
            }
        }

        Atomic.Raise(ref Committed, generous);
        return true;
    }

    private bool Commit(nuint from, nuint to) =>
        Heap->Pages.Commit(Heap->Pages.State, AddressOf(from), (to - from) << Log2Slice);

    private bool TryClaim(nuint slice, nuint count)
    {
        nuint end = slice + count;
        for (nuint at = slice; at < end; at = (at / 64 * 64) + 64)
        {
            ulong* free = &Words[at / 64].Free;
            ulong mask = MaskOf(at, end);
            ulong seen;
            do
            {
                seen = Atomic.Read(ref *free);
                if ((seen & mask) != mask)
                {
                    Give(slice, at - slice, stale: false);
                    return false;
                }
            }
            while (!Atomic.TryReplace(ref *free, seen, seen & ~mask));

            if ((seen & ~mask) == 0)
            {
                ClearSummary(at / 64);
            }
        }

        return true;
    }

    /// <summary>
    /// Forgets that slices in our hands are stale, as they are about to be used; tells whether any was.
    /// </summary>
    private readonly bool ClearStale(nuint slice, nuint count)
    {
        bool stale = false;
        nuint end = slice + count;
        for (; slice < end; slice = (slice / 64 * 64) + 64)
        {
            SliceWord* word = &Words[slice / 64];
            ulong mask = MaskOf(slice, end);
            if (((Atomic.Read(ref word->Young) | Atomic.Read(ref word->Old)) & mask) != 0)
            {
                stale = true;
                Atomic.Clear(ref word->Young, mask);
                Atomic.Clear(ref word->Old, mask);
            }
        }

        return stale;
    }

    private nuint WordsInUse() => (Atomic.Read(ref Frontier) + 63) / 64;

    private readonly nuint AlignSlice(nuint slice, nuint alignment) =>
        alignment <= SliceSize
            ? slice
            : (Layout.AlignUp((nuint)Base + (slice << Log2Slice), alignment) - (nuint)Base) >> Log2Slice;

    /// <summary>The first free slice from <paramref name="slice"/> on, or <paramref name="end"/>.</summary>
    private readonly nuint NextFree(nuint slice, nuint end)
    {
        while (slice < end)
        {
            ulong free = Atomic.Read(ref Words[slice / 64].Free) >> (int)(slice % 64);
            if (free != 0)
            {
                slice += (nuint)BitOperations.TrailingZeroCount(free);
                return slice < end ? slice : end;
            }

            slice = (slice / 64 * 64) + 64;
        }

        return end;
    }

    /// <summary>
    /// The first slice from <paramref name="slice"/> on that is not free, or <paramref name="end"/>.
    /// </summary>
    private readonly nuint NextTaken(nuint slice, nuint end)
    {
        while (slice < end)
        {
            ulong taken = ~Atomic.Read(ref Words[slice / 64].Free) >> (int)(slice % 64);
            if (taken != 0)
            {
                slice += (nuint)BitOperations.TrailingZeroCount(taken);
                return slice < end ? slice : end;
            }

            slice = (slice / 64 * 64) + 64;
        }

        return end;
    }

    private readonly void SetSummary(nuint word)
    {
        ulong* group = &Summary[word / 64];
        ulong bit = 1ul << (int)(word % 64);
        if ((Atomic.Read(ref *group) & bit) == 0)
        {
            Atomic.Set(ref *group, bit);
        }
    }

    private readonly void ClearSummary(nuint word)
    {
        Atomic.Clear(ref Summary[word / 64], 1ul << (int)(word % 64));

        // A slice freed meanwhile may have seen the bit still set. Pairs with the order in Give: free bit,
        // then summary.
        if (Atomic.Read(ref Words[word].Free) != 0)
        {
            SetSummary(word);
        }
    }

    /// <summary>
    /// The bits of the slices from <paramref name="slice"/> to <paramref name="end"/> that share its word.
    /// </summary>
    private static ulong MaskOf(nuint slice, nuint end)
    {
        int first = (int)(slice % 64);
        nuint count = end - slice;
        ulong all = ulong.MaxValue << first;
        return count >= (nuint)(64 - first) ? all : all & ((1ul << (int)((nuint)first + count)) - 1);
    }
}
