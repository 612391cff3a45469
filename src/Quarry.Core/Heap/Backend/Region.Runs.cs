using System.Numerics;

namespace Quarry;

/// <content>Finds runs of free slices without a look at the holes that are too small.</content>
/// <remarks>
/// <para>
/// <see cref="Longest"/> has a word for each group of slices: an upper bound on the length of the runs in the
/// group, and the number of its changes. The length of a run is counted from its first slice in the group,
/// and beyond the end of the group, so that an allocation, which takes slices away, never has to raise a
/// bound. A search visits only the groups whose bound admits the run, and lowers the bound of each that it
/// has searched in vain. So a group is searched once for each change, and a search among any number of small
/// holes reads one word for 256 MiB.
/// </para>
/// <para>
/// A free sets the free bits, finds the run that they now belong to, and raises the bounds; of two threads
/// that free neighbors at once, the one that reads later sees both. A search reads the word, then the free
/// bits, and replaces the word it has read. If slices are freed behind its back, either the replacement
/// fails, because each free changes the word, or the free raises the bound after it.
/// </para>
/// </remarks>
internal unsafe partial struct Region
{
    /// <summary>The number of slices of a group.</summary>
    internal const nuint GroupSlices = 4096;

    // Runs of this length and longer have the same bound.
    private const nuint MostRun = GroupSlices;

    // In a word: the bound, below the number of changes.
    private const int BoundBits = 16;
    private const ulong BoundMask = (1ul << BoundBits) - 1;

    /// <summary>
    /// Returns the upper bound on the length of runs in the group of a slice; <see cref="GroupSlices"/>
    /// stands for any greater length.
    /// </summary>
    internal readonly nuint BoundOf(nuint slice) =>
        (nuint)(Atomic.Read(ref Longest[slice / GroupSlices]) & BoundMask);

    /// <summary>Raises the bounds for slices whose free bits were set.</summary>
    private void NoteRun(nuint slice, nuint end)
    {
        // In groups further back, the run has the highest bound already.
        nuint begin = FirstOfRun(slice, slice < MostRun ? 0 : slice - MostRun);
        nuint highWater = Atomic.Read(ref HighWater);
        for (nuint group = begin / GroupSlices; group * GroupSlices < end; group++)
        {
            nuint first = group * GroupSlices;
            first = first < begin ? begin : first;
            nuint most = highWater - first < MostRun ? highWater : first + MostRun;

            // With the highest bound, the length makes no difference, and only the change counts.
            nuint length = BoundOf(first) == MostRun ? MostRun : NextTaken(first, most) - first;
            Raise(&Longest[group], (ulong)length);
        }
    }

    private static void Raise(ulong* word, ulong length)
    {
        ulong seen, bound;
        do
        {
            seen = Atomic.Read(ref *word);
            bound = seen & BoundMask;
            bound = bound < length ? length : bound;
        }
        while (!Atomic.TryReplace(ref *word, seen, ((seen & ~BoundMask) + (1ul << BoundBits)) | bound));
    }

    /// <summary>Returns the first run of free slices.</summary>
    private nuint FindRun(nuint count)
    {
        nuint groups = (WordsInUse() + (GroupSlices / 64) - 1) / (GroupSlices / 64);
        nuint least = count < MostRun ? count : MostRun;
        for (nuint group = 0; group < groups; group++)
        {
            ulong seen = Atomic.Read(ref Longest[group]);
            if ((seen & BoundMask) < least)
            {
                continue;
            }

            nuint slice = FindRunFrom(group * GroupSlices, count);
            if (slice != None)
            {
                return slice;
            }

            if (count <= MostRun)
            {
                _ = Atomic.TryReplace(ref Longest[group], seen, (seen & ~BoundMask) | (ulong)(count - 1));
            }
        }

        return None;
    }

    /// <summary>Returns the first run in a group, word by word.</summary>
    private nuint FindRunFrom(nuint begin, nuint count)
    {
        nuint words = WordsInUse();
        nuint groupEnd = (begin + GroupSlices) / 64;
        nuint before = 0;
        for (nuint index = begin / 64; index < words && (index < groupEnd || before != 0); index++)
        {
            ulong free = Atomic.Read(ref Words[index].Free);
            if (free == 0)
            {
                before = 0;
                continue;
            }

            // A run that began in earlier words and continues here.
            nuint leading = (nuint)BitOperations.TrailingZeroCount(~free);
            if (before + leading >= count)
            {
                return (index * 64) - before;
            }

            if (index >= groupEnd)
            {
                before = free == ulong.MaxValue ? before + 64 : 0;
                continue;
            }

            ulong starts = count <= 64 ? RunsIn(free, (int)count) : 0;
            if (starts != 0)
            {
                return (index * 64) + (nuint)BitOperations.TrailingZeroCount(starts);
            }

            before = free == ulong.MaxValue ? before + 64 : (nuint)BitOperations.LeadingZeroCount(~free);
        }

        return None;
    }

    /// <summary>
    /// Returns the first slice of the run of free slices that ends with a slice, but none before a limit.
    /// </summary>
    private readonly nuint FirstOfRun(nuint slice, nuint limit)
    {
        while (slice > limit)
        {
            // The slices before this one in its word, or all of the word before; highest first.
            nuint at = slice - 1;
            int before = (int)(at % 64) + 1;
            ulong taken = ~Atomic.Read(ref Words[at / 64].Free) << (64 - before);
            int free = BitOperations.LeadingZeroCount(taken);
            free = free < before ? free : before;
            slice -= (nuint)free;
            if (free < before)
            {
                break;
            }
        }

        return slice < limit ? limit : slice;
    }
}
