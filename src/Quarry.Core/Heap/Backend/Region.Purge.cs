using System.Numerics;

namespace Quarry;

/// <summary>Giving the memory behind free slices back to the system.</summary>
internal unsafe partial struct Region
{
    /// <summary>
    /// Purges what was freed before the current period and lets the rest grow old; or purges everything.
    /// </summary>
    /// <returns>The number of slices purged.</returns>
    internal nuint Purge(bool everything)
    {
        nuint purged = 0;
        nuint words = WordsInUse();
        for (nuint index = 0; index < words; index++)
        {
            purged += Purge(index, everything);
        }

        return purged;
    }

    private readonly nuint Purge(nuint index, bool everything)
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

        ulong aged = mine & ~doomed;
        if (aged != 0)
        {
            Atomic.Set(ref word->Old, aged);
            Atomic.Clear(ref word->Young, aged);
        }

        Atomic.Set(ref word->Free, mine);
        SetSummary(index);
        return (nuint)BitOperations.PopCount(gone);
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
    /// Purges the slices of a word, one call for each run; returns those that are zero now.
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
            if (Heap->Pages.Purge(Heap->Pages.State, start, (nuint)length << Log2Slice))
            {
                gone |= run;
            }

            slices &= ~run;
        }

        return gone;
    }
}
