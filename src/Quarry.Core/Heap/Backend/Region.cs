using System.Diagnostics;
using System.Numerics;

namespace Quarry;

/// <summary>A contiguous range of address space, divided into slices of 64 KiB.</summary>
/// <remarks>
/// <para>
/// A region begins with its own tables. The lowest free slices are allocated first; if there are none, slices
/// are allocated at the high-water mark, from which on no slice was ever used. All operations are lock-free;
/// <see cref="SliceWord"/> states the rule that makes them safe.
/// </para>
/// <para>
/// Invariants: a slice at or above <see cref="HighWater"/> has no bit set; a free slice has a descriptor of
/// kind <see cref="PageKind.None"/>; a word with a free slice has its bit in <see cref="Summary"/> set,
/// except while a thread is between freeing a slice and setting the bit, or between clearing the bit and
/// checking the word.
/// </para>
/// </remarks>
internal unsafe partial struct Region
{
    internal const int Log2Slice = 16;
    internal const nuint SliceSize = 1 << Log2Slice;

    /// <summary>
    /// All regions but a heap's first begin at multiples of this, so that <see cref="PageMap"/> finds them.
    /// </summary>
    internal const nuint Alignment = (nuint)1 << ImageConstants.Log2HugePage;

    // Slices are committed at the high-water mark in steps of an eighth of the committed slices, between
    // these bounds: few calls, and little memory beyond the need. The first steps are 1 MiB, so that a small
    // program is not backed by a 2 MiB page where these are the default.
    private const nuint MinCommit = 16, MaxCommit = 512;

    /// <summary>The source of memory, shared by the regions of a heap.</summary>
    public PageSupply* Supply;

    /// <summary>The next region of the heap.</summary>
    public Region* Next;

    /// <summary>The first byte; slice 0 begins here.</summary>
    public byte* Base;

    /// <summary>The number of slices, those of the tables included.</summary>
    public nuint SliceCount;

    /// <summary>The first slice after the tables.</summary>
    public nuint FirstSlice;

    /// <summary>One descriptor for each slice, and one more that stays empty.</summary>
    public Page* Pages;

    /// <summary>One entry for each slice.</summary>
    public SliceHoles* Holes;

    /// <summary>One entry for each 64 slices.</summary>
    public SliceWord* Words;

    /// <summary>One bit for each word, set if it has a free slice; may also be set if it has none.</summary>
    public ulong* Summary;

    /// <summary>Slices from here on were never allocated.</summary>
    public nuint HighWater;

    /// <summary>Slices from here on are reserved only.</summary>
    public nuint Committed;

    /// <summary>
    /// The next word that the current purging pass visits; beyond the last word if the pass is complete.
    /// </summary>
    public nuint PurgeWord;

    /// <summary>
    /// One word for each <see cref="GroupSlices"/>: a bound on the runs there, and the number of its changes.
    /// </summary>
    public ulong* Longest;

    /// <summary>Where searches for aligned runs begin.</summary>
    public RunHints Hints;

    /// <summary>Runs that were freed last, whose slices have no free bits.</summary>
    public KeptRuns Kept;

    /// <summary>
    /// 1 if the kernel was advised against huge pages in the slices; see <see cref="LargeBacking"/>. Not
    /// atomic: it may be advised twice.
    /// </summary>
    public nuint AvoidsHugePages;

    /// <summary>The value that represents no slice.</summary>
    internal static nuint None => nuint.MaxValue;

    internal readonly nuint Size => SliceCount << Log2Slice;

    internal readonly byte* AddressOf(nuint slice) => Base + (slice << Log2Slice);

    internal readonly nuint SliceOf(Page* page) => (nuint)(page - Pages);

    internal readonly byte* StartOf(Page* page) => AddressOf(SliceOf(page));

    /// <summary>Allocates consecutive, committed slices.</summary>
    /// <param name="count">The number of slices.</param>
    /// <param name="alignment">
    /// The alignment of the address, in bytes; a power of two of at least a slice.
    /// </param>
    /// <param name="clean">
    /// The longest run of the slices that reads as zeros: all of them, if none was used since it was purged.
    /// </param>
    /// <returns>The first slice, or <see cref="None"/>.</returns>
    internal nuint Allocate(nuint count, nuint alignment, out SliceRun clean)
    {
        nuint slice = AllocateUsed(count, alignment, out clean);
        return slice != None ? slice : AllocateFresh(count, alignment, out clean);
    }

    /// <summary>Allocates slices that were used before.</summary>
    /// <inheritdoc cref="Allocate"/>
    internal nuint AllocateUsed(nuint count, nuint alignment, out SliceRun clean)
    {
        if (alignment <= SliceSize && Kept.TryTake(count, out nuint slice))
        {
            clean = SliceRun.Kept;
            return slice;
        }

        slice = TakeUsed(count, alignment);
        if (slice == None && ReleaseKept())
        {
            slice = TakeUsed(count, alignment);
        }

        clean = slice == None ? default : ClearStale(slice, count);
        return slice;
    }

    /// <summary>Allocates slices that were never used.</summary>
    /// <inheritdoc cref="Allocate"/>
    internal nuint AllocateFresh(nuint count, nuint alignment, out SliceRun clean)
    {
        nuint slice = TakeFresh(count, alignment);
        clean = new SliceRun { First = slice, Count = count };
        return slice;
    }

    /// <summary>
    /// Advises the kernel against huge pages in all slices; returns false if it was advised before.
    /// </summary>
    internal bool TryAvoidHugePages()
    {
        if (AvoidsHugePages != 0)
        {
            return false;
        }

        AvoidsHugePages = 1;
        Os.AvoidHugePages(AddressOf(FirstSlice), (SliceCount - FirstSlice) << Log2Slice);
        return true;
    }

    /// <summary>Frees all kept runs; returns false if there were none.</summary>
    internal bool ReleaseKept()
    {
        bool any = false;
        while (Kept.TryTakeAny(out nuint slice, out nuint count))
        {
            any = true;
            Free(slice, count, stale: true);
        }

        return any;
    }

    /// <summary>Tries to allocate particular slices, so that a block grows in place.</summary>
    internal bool TryAllocateAt(nuint slice, nuint count)
    {
        nuint end = slice + count;
        nuint highWater = Atomic.Read(ref HighWater);
        nuint used = end < highWater ? end : highWater;
        bool isFree = NextTaken(slice, used) == used
            || (ReleaseKept() && NextTaken(slice, used) == used);
        if (end > SliceCount || !isFree || !TryClaim(slice, used - slice))
        {
            return false;
        }

        if (end > used && !(TryCommit(end) && Atomic.TryReplace(ref HighWater, highWater, end)))
        {
            Free(slice, used - slice, stale: false);
            return false;
        }

        _ = ClearStale(slice, used - slice);
        return true;
    }

    /// <summary>Frees slices.</summary>
    /// <param name="slice">The first slice.</param>
    /// <param name="count">The number of slices.</param>
    /// <param name="stale">False if the slices read as zeros.</param>
    internal void Free(nuint slice, nuint count, bool stale)
    {
        nuint end = slice + count;
        Debug.Assert(slice >= FirstSlice && end <= HighWater, "slices that are not in use");
        for (nuint at = slice; at < end; at = (at / 64 * 64) + 64)
        {
            SliceWord* word = &Words[at / 64];
            ulong mask = MaskOf(at, end);
            Debug.Assert((Atomic.Read(ref word->Free) & mask) == 0, "a slice that is free already");
            if (stale)
            {
                // Before the free bits: a thread that allocates the slices must see that they are not zeroed.
                Atomic.Set(ref word->Young, mask);
            }

            // A full fence, before the summary is read. Pairs with ClearSummary.
            Atomic.Set(ref word->Free, mask);
            SetSummary(at / 64);
        }

        NoteRun(slice, end);
        Hints.Freed(slice);
    }

    /// <summary>Takes slices off the free bits.</summary>
    private nuint TakeUsed(nuint count, nuint alignment) =>
        count == 1 && alignment <= SliceSize ? TakeOne() : TakeRun(count, alignment);

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

    private nuint TakeFresh(nuint count, nuint alignment)
    {
        for (; ; )
        {
            nuint highWater = Atomic.Read(ref HighWater);
            nuint start = AlignSlice(highWater, alignment);
            if (start > SliceCount || count > SliceCount - start || !TryCommit(start + count))
            {
                return None;
            }

            // Committed before the mark is raised, because the mark could not be lowered if committing
            // failed.
            if (Atomic.TryReplace(ref HighWater, highWater, start + count))
            {
                if (start > highWater)
                {
                    Free(highWater, start - highWater, stale: false);
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

        // A step for large blocks ends with a whole huge page, so that LargeBacking may back all of it.
        generous = generous - committed < Alignment >> Log2Slice ? generous : AlignSlice(generous, Alignment);
        generous = generous > SliceCount ? SliceCount : generous;

        // Two threads may commit the same slices, which is harmless; the higher mark is stored.
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

    private readonly bool Commit(nuint from, nuint to) =>
        PageSupply.TryCommit(Supply, AddressOf(from), (to - from) << Log2Slice);

    /// <summary>
    /// Clears the dirty bits of slices that the caller owns; returns the longest run without any.
    /// </summary>
    private readonly SliceRun ClearStale(nuint slice, nuint count)
    {
        nuint end = slice + count, begin = slice;
        SliceRun clean = default;
        for (; slice < end; slice = (slice / 64 * 64) + 64)
        {
            SliceWord* word = &Words[slice / 64];
            ulong mask = MaskOf(slice, end);
            ulong stale = (Atomic.Read(ref word->Young) | Atomic.Read(ref word->Old)) & mask;
            if (stale != 0)
            {
                Atomic.Clear(ref word->Young, mask);
                Atomic.Clear(ref word->Old, mask);
            }

            for (; stale != 0; stale &= stale - 1)
            {
                nuint dirty = (slice / 64 * 64) + (nuint)BitOperations.TrailingZeroCount(stale);
                clean = clean.OrLonger(begin, dirty);
                begin = dirty + 1;
            }
        }

        return clean.OrLonger(begin, end);
    }

    private nuint WordsInUse() => (Atomic.Read(ref HighWater) + 63) / 64;

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

        // A thread that freed a slice meanwhile may have read the bit while it was still set. Free sets the
        // free bit and then reads the summary; this method clears the summary and then reads the free bits,
        // so at least one of the two sees the other's write.
        if (Atomic.Read(ref Words[word].Free) != 0)
        {
            SetSummary(word);
        }
    }

    /// <summary>
    /// Returns the bits of the slices from <paramref name="slice"/> to <paramref name="end"/> (exclusive)
    /// that are in the word of the first slice.
    /// </summary>
    private static ulong MaskOf(nuint slice, nuint end)
    {
        int first = (int)(slice % 64);
        nuint count = end - slice;
        ulong all = ulong.MaxValue << first;
        return count >= (nuint)(64 - first) ? all : all & ((1ul << (int)((nuint)first + count)) - 1);
    }
}
