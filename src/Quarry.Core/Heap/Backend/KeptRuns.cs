using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The runs of slices of a region that were freed last, one for each of a few lengths.</summary>
/// <remarks>
/// A program that allocates and frees a large block again and again gets the same slices each time, without
/// a search and without a change of the bits of the slices. To the region, a kept run is in use: only the
/// thread that removes it may allocate or free it. Its slices are dirty. A run is kept until the next pass of
/// purging, or until a request would otherwise take slices that were never used.
/// </remarks>
internal unsafe struct KeptRuns
{
    /// <summary>The number of lengths.</summary>
    internal const int Count = 8;

    /// <summary>The length of the longest run that is kept.</summary>
    // What is allocated meanwhile lies behind a kept run, and what grows there takes slices that were never
    // used. Freeing a run of 4 MiB changes two words of bits at most.
    internal const nuint MaxLength = 64;

    // A run is its first slice and, in the lower half, its length; 0 stands for none.
    private const int LengthBits = 32;
    private const ulong LengthMask = (1ul << LengthBits) - 1;

    private fixed ulong _runs[Count];

    /// <summary>Gets the number of slices in all runs.</summary>
    internal nuint Slices
    {
        get
        {
            nuint slices = 0;
            for (int index = 0; index < Count; index++)
            {
                slices += LengthAt(index);
            }

            return slices;
        }
    }

    /// <summary>Returns the number of slices of one of the runs; 0 if there is none.</summary>
    internal nuint LengthAt(int index) => LengthOf(Atomic.Read(ref _runs[index]));

    /// <summary>Tries to keep a run; fails if it is too long, or another one is kept in its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryKeep(nuint slice, nuint count)
    {
        ref ulong run = ref _runs[count % Count];
        return count <= MaxLength && Atomic.Read(ref run) == 0
            && Atomic.TryReplace(ref run, 0, ((ulong)slice << LengthBits) | count);
    }

    /// <summary>Tries to remove a run of a length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(nuint count, out nuint slice)
    {
        ref ulong run = ref _runs[count % Count];
        ulong seen = Atomic.Read(ref run);
        slice = SliceOf(seen);

        // If the run was removed and kept again meanwhile, it may be removed again.
        return LengthOf(seen) == count && Atomic.TryReplace(ref run, seen, 0);
    }

    /// <summary>Tries to remove any run.</summary>
    internal bool TryTakeAny(out nuint slice, out nuint count)
    {
        for (int index = 0; index < Count; index++)
        {
            ulong run = Atomic.Read(ref _runs[index]);
            if (run != 0 && Atomic.TryReplace(ref _runs[index], run, 0))
            {
                (slice, count) = (SliceOf(run), LengthOf(run));
                return true;
            }
        }

        (slice, count) = (0, 0);
        return false;
    }

    private static nuint SliceOf(ulong run) => (nuint)(run >> LengthBits);

    private static nuint LengthOf(ulong run) => (nuint)(run & LengthMask);
}
