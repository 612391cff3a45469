using System.Threading;

namespace Quarry;

/// <summary>Remembers ranges of code, each packed into one word so that no lock is needed.</summary>
/// <remarks>
/// It saves reading the table of mappings at each new address. When the table is full, the oldest range is
/// replaced. Ranges may be out of date, so their memory is tested before use.
/// </remarks>
internal unsafe struct CodeRanges
{
    internal const nuint Bytes = Length * sizeof(ulong);

    private const int Length = 256;

    // The number of the first page, and the number of pages.
    private const int Log2Page = 12, CountBits = 28;
    private const ulong CountMask = (1UL << CountBits) - 1;

    /// <summary>The table; zeroed memory of <see cref="Bytes"/>.</summary>
    public ulong* Ranges;

    private nuint _next;

    /// <summary>Finds the range that contains an address.</summary>
    internal readonly bool TryFind(nuint address, out nuint start, out nuint end)
    {
        for (int index = 0; index < Length; index++)
        {
            ulong range = Atomic.Read(ref Ranges[index]);
            start = (nuint)(range >> CountBits << Log2Page);
            end = start + (nuint)((range & CountMask) << Log2Page);
            if (address >= start && address < end)
            {
                return true;
            }
        }

        start = end = 0;
        return false;
    }

    /// <summary>Adds a range of whole pages.</summary>
    internal void Add(nuint start, nuint end)
    {
        ulong count = (end - start) >> Log2Page;
        if (count <= CountMask)
        {
            nuint index = Atomic.Add(ref _next, 1) % Length;
            Volatile.Write(ref Ranges[index], (start >> Log2Page << CountBits) | count);
        }
    }
}
