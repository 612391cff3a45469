using System.Numerics;

namespace Quarry;

/// <content>Finds runs of free slices.</content>
internal unsafe partial struct Region
{
    /// <summary>Determines whether none of some slices below the high-water mark is free.</summary>
    internal readonly bool AreUsed(nuint slice, nuint count) =>
        NextFree(slice, slice + count) == slice + count;

    private nuint TakeRun(nuint count, nuint alignment)
    {
        nuint slice;
        do
        {
            // If another thread has allocated part of the run, the search starts again.
            slice = alignment > SliceSize ? FindAlignedRun(count, alignment) : FindRun(count);
        }
        while (slice != None && !TryClaim(slice, count));

        return slice;
    }

    private nuint FindAlignedRun(nuint count, nuint alignment)
    {
        nuint begin = Hints.Begin(count, alignment, out RunSearch search);
        nuint slice = FindAligned(begin, count, alignment);
        Hints.Raise(search, slice == None ? Atomic.Read(ref HighWater) : slice);
        return slice;
    }

    /// <summary>
    /// Returns the bits at which a run of <paramref name="count"/> set bits begins, by doubling its length.
    /// </summary>
    private static ulong RunsIn(ulong bits, int count)
    {
        int have = 1;
        while (bits != 0 && have < count)
        {
            int step = count - have < have ? count - have : have;
            bits &= bits >> step;
            have += step;
        }

        return bits;
    }

    /// <summary>Returns the first run of free slices at a multiple of an alignment.</summary>
    private nuint FindAligned(nuint begin, nuint count, nuint alignment)
    {
        nuint highWater = Atomic.Read(ref HighWater);
        nuint slice = NextFree(begin < FirstSlice ? FirstSlice : begin, highWater);
        while (slice < highWater)
        {
            nuint start = AlignSlice(slice, alignment);
            if (start >= highWater || count > highWater - start)
            {
                return None;
            }

            nuint end = NextTaken(start, start + count);
            if (end - start == count)
            {
                return start;
            }

            slice = NextFree(end > start ? end : start + 1, highWater);
        }

        return None;
    }

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
                    Free(slice, at - slice, stale: false);
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

    private readonly nuint AlignSlice(nuint slice, nuint alignment) =>
        alignment <= SliceSize
            ? slice
            : (Layout.AlignUp((nuint)Base + (slice << Log2Slice), alignment) - (nuint)Base) >> Log2Slice;

    /// <summary>
    /// Returns the first free slice from <paramref name="slice"/> on, or <paramref name="end"/>.
    /// </summary>
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
    /// Returns the first slice from <paramref name="slice"/> on that is not free, or <paramref name="end"/>.
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
}
