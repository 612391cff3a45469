using System.Numerics;

namespace Quarry;

/// <content>Returns the memory of free slices to the system.</content>
internal unsafe partial struct Region
{
    /// <summary>Continues the current pass: purges old slices, and makes young slices old.</summary>
    /// <param name="budget">
    /// The number of slices that may still be purged; reduced by the number purged, and 0 if that ends the
    /// step.
    /// </param>
    /// <param name="aged">Increased by the number of slices that were made old.</param>
    internal void PurgeSome(ref nuint budget, ref nuint aged)
    {
        nuint words = WordsInUse();
        while (budget != 0)
        {
            nuint index = Atomic.Read(ref PurgeWord);
            if (index >= words)
            {
                return;
            }

            // Words without a free slice are not read: most of a large heap, and a page of a new one.
            if ((Atomic.Read(ref Summary[index / 64]) >> (int)(index % 64) & 1) == 0)
            {
                _ = Atomic.TryReplace(ref PurgeWord, index, index + 1);
                continue;
            }

            SliceWord* word = &Words[index];
            ulong due = Atomic.Read(ref word->Old) & Atomic.Read(ref word->Free);
            if ((nuint)BitOperations.PopCount(due) > budget)
            {
                // The next step begins with this word, so that none exceeds its budget.
                budget = 0;
                return;
            }

            // The increment assigns each word to one thread.
            if (Atomic.TryReplace(ref PurgeWord, index, index + 1))
            {
                nuint purged = Purge(index, everything: false, ref aged);
                budget = purged < budget ? budget - purged : 0;
            }
        }
    }

    /// <summary>Purges all free slices; returns the number of slices purged.</summary>
    internal nuint PurgeAll()
    {
        _ = ReleaseKept();
        nuint purged = 0;
        nuint aged = 0;
        nuint words = WordsInUse();
        for (nuint index = 0; index < words; index++)
        {
            purged += Purge(index, everything: true, ref aged);
        }

        return purged;
    }

    /// <summary>Returns the number of free slices that may be backed by memory.</summary>
    internal nuint DirtySlices()
    {
        nuint dirty = Kept.Slices;
        nuint words = WordsInUse();
        for (nuint index = 0; index < words; index++)
        {
            SliceWord* word = &Words[index];
            dirty += (nuint)BitOperations.PopCount((word->Young | word->Old) & word->Free);
        }

        return dirty;
    }

    private nuint Purge(nuint index, bool everything, ref nuint aged)
    {
        SliceWord* word = &Words[index];
        ulong stale = Atomic.Read(ref word->Young) | Atomic.Read(ref word->Old);
        ulong mine = stale == 0 ? 0 : ClaimAny(&word->Free, stale);
        if (mine == 0)
        {
            return 0;
        }

        ulong doomed = everything ? mine : mine & Atomic.Read(ref word->Old);
        ulong gone = Discard(index, doomed);
        Atomic.Clear(ref word->Young, gone);
        Atomic.Clear(ref word->Old, gone);

        ulong old = mine & ~doomed;
        if (old != 0)
        {
            Atomic.Set(ref word->Old, old);
            Atomic.Clear(ref word->Young, old);
            aged += (nuint)BitOperations.PopCount(old);
        }

        // Last: until here this thread owned the slices and their dirty bits; now others may allocate them.
        Atomic.Set(ref word->Free, mine);
        SetSummary(index);
        NoteRuns(index, mine);
        Hints.Freed(index * 64);
        return (nuint)BitOperations.PopCount(gone);
    }

    // A search may have missed the slices meanwhile, and lowered the bound.
    private void NoteRuns(nuint index, ulong slices)
    {
        for (ulong first = slices & ~(slices << 1); first != 0; first &= first - 1)
        {
            nuint slice = (index * 64) + (nuint)BitOperations.TrailingZeroCount(first);
            NoteRun(slice, slice + 1);
        }
    }

    private static ulong ClaimAny(ulong* free, ulong wanted)
    {
        for (; ; )
        {
            ulong seen = Atomic.Read(ref *free);
            ulong mine = seen & wanted;
            if (mine == 0 || Atomic.TryReplace(ref *free, seen, seen & ~mine))
            {
                return mine;
            }
        }
    }

    /// <summary>
    /// Purges slices of a word, with one call for each run; returns the slices that now read as zeros.
    /// </summary>
    private readonly ulong Discard(nuint index, ulong slices)
    {
        ulong gone = 0;
        while (slices != 0)
        {
            int first = BitOperations.TrailingZeroCount(slices);
            int length = BitOperations.TrailingZeroCount(~(slices >> first));
            ulong run = (length == 64 ? ulong.MaxValue : (1ul << length) - 1) << first;
            byte* start = AddressOf((index * 64) + (nuint)first);
            if (PageSupply.TryPurge(Supply, start, (nuint)length << Log2Slice))
            {
                gone |= run;
            }

            slices &= ~run;
        }

        return gone;
    }
}
