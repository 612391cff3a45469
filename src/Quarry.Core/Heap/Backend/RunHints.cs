using System.Numerics;

namespace Quarry;

/// <summary>
/// Holds, for a few lengths and alignments, a slice below which no run of that many free slices begins at a
/// multiple of the alignment. A search that begins at the hint does not scan the same holes repeatedly. Other
/// runs are found by <see cref="Region.Longest"/>, which does not record where they are aligned.
/// </summary>
/// <remarks>
/// A search reads the number of frees, scans, raises the hint, and reads the number again; a free sets the
/// free bits, increments the number, and lowers the hints. If slices are freed after the scan has passed
/// them, then either the search sees the new number and clears the hint, or the free sees the raised hint and
/// lowers it. Raising the hint and incrementing the number are full fences, each before the read of the
/// other.
/// </remarks>
internal unsafe struct RunHints
{
    // Each free looks at all of them, and few programs align blocks to more than a slice.
    private const int Count = 2;

    // A hint holds the slice, the length of the run, and the binary logarithm of the alignment.
    private const int CountShift = 32, AlignmentShift = 56;
    private const ulong SliceMask = (1ul << CountShift) - 1;
    private const ulong CountMask = (1ul << (AlignmentShift - CountShift)) - 1;

    private fixed ulong _hints[Count];
    private nuint _frees;

    /// <summary>Begins a search; returns the slice at which to begin.</summary>
    /// <param name="count">The number of slices to find.</param>
    /// <param name="alignment">The alignment, in bytes; a power of two.</param>
    /// <param name="search">The search, to be passed to <see cref="Raise"/>.</param>
    internal nuint Begin(nuint count, nuint alignment, out RunSearch search)
    {
        search = default;
        if (count > CountMask)
        {
            return 0;
        }

        ulong log2 = (ulong)BitOperations.Log2((ulong)alignment);
        search.Key = (log2 << AlignmentShift) | ((ulong)count << CountShift);
        search.Index = (int)((search.Key * 0x9E37_79B9_7F4A_7C15) >> 63);
        search.Frees = Atomic.Read(ref _frees);
        search.Seen = Atomic.Read(ref _hints[search.Index]);
        return (search.Seen & ~SliceMask) == search.Key ? (nuint)(search.Seen & SliceMask) : 0;
    }

    /// <summary>Records that a search found no run that begins before a slice.</summary>
    internal void Raise(RunSearch search, nuint slice)
    {
        ulong raised = search.Key | slice;
        if (search.Key == 0 || slice > SliceMask || raised == search.Seen
            || !Atomic.TryReplace(ref _hints[search.Index], search.Seen, raised))
        {
            return;
        }

        if (Atomic.Read(ref _frees) != search.Frees)
        {
            _ = Atomic.TryReplace(ref _hints[search.Index], raised, 0);
        }
    }

    /// <summary>Lowers the hints after slices were freed and their free bits set.</summary>
    /// <param name="slice">The first of the slices.</param>
    internal void Freed(nuint slice)
    {
        _ = Atomic.Add(ref _frees, 1);
        for (int index = 0; index < Count; index++)
        {
            for (; ; )
            {
                // A run may begin before the freed slices, among slices that were free already.
                ulong seen = Atomic.Read(ref _hints[index]);
                nuint length = (nuint)((seen >> CountShift) & CountMask);
                nuint first = slice < length ? 0 : slice - length + 1;
                if ((seen & SliceMask) <= first
                    || Atomic.TryReplace(ref _hints[index], seen, (seen & ~SliceMask) | first))
                {
                    break;
                }
            }
        }
    }
}
