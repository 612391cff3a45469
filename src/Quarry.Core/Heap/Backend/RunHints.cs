using System.Numerics;

namespace Quarry;

/// <summary>
/// For each power of two up to 64: no run of that many free slices begins below the hint. A search that begins
/// at the hint does not pass the same small holes again and again.
/// </summary>
/// <remarks>
/// A search reads the number of frees, scans, raises the hint, and reads the number again; a free sets the free
/// bits, raises the number, and lowers the hints. If the free came after the scan had passed its slices, then
/// either the search sees the new number and takes its change back, or the free sees the raised hint and lowers
/// it. All four steps are full fences.
/// </remarks>
internal unsafe struct RunHints
{
    private const int Count = 6;

    private fixed ulong _hints[Count];
    private nuint _frees;

    /// <summary>Begins a search; returns the slice to begin at.</summary>
    /// <param name="count">The number of slices to find.</param>
    /// <param name="frees">To be passed to <see cref="Raise"/>.</param>
    internal nuint Begin(nuint count, out nuint frees)
    {
        frees = Atomic.Read(ref _frees);
        int index = IndexOf(count);
        return index < 0 ? 0 : (nuint)Atomic.Read(ref _hints[index]);
    }

    /// <summary>Notes that no run of <paramref name="count"/> slices was found before a slice.</summary>
    internal void Raise(nuint count, nuint begun, nuint frees, nuint slice)
    {
        int index = IndexOf(count);
        if (index < 0 || slice <= begun || !Atomic.TryReplace(ref _hints[index], begun, slice))
        {
            return;
        }

        if (Atomic.Read(ref _frees) != frees)
        {
            Lower(index, begun);
        }
    }

    /// <summary>Notes that slices were freed, of which the first is given; their free bits are set.</summary>
    internal void Freed(nuint slice)
    {
        _ = Atomic.Add(ref _frees, 1);
        for (int index = 0; index < Count; index++)
        {
            // A run may begin before the freed slices, among slices that were free already.
            nuint length = (nuint)2 << index;
            Lower(index, slice < length ? 0 : slice - length + 1);
        }
    }

    private void Lower(int index, nuint slice)
    {
        ulong seen = Atomic.Read(ref _hints[index]);
        while (seen > slice && !Atomic.TryReplace(ref _hints[index], seen, slice))
        {
            seen = Atomic.Read(ref _hints[index]);
        }
    }

    // Pages of small blocks have 1, 2, 4 or 8 slices. A search for any other number says nothing of runs that
    // are a little shorter.
    private static int IndexOf(nuint count)
    {
        int index = BitOperations.Log2((ulong)count) - 1;
        return (count & (count - 1)) == 0 && index >= 0 && index < Count ? index : -1;
    }
}
