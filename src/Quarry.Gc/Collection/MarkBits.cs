using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>The mark bits: one for each 8 bytes of the heap, set where a live object starts.</summary>
/// <remarks>
/// <para>
/// The bits are beside the heap, not in the objects: clearing them is a sequential write of a sixty-fourth of
/// the heap, and the search for gaps between objects reads 64 bits at a time.
/// </para>
/// <para>
/// They remain set after a collection. A set bit then means that an object is old. A young collection does
/// not clear the bits, so it does not visit old objects again ("sticky mark bits"). Only the thread that
/// collects clears bits, while all others are suspended; it sets them together with the threads of
/// <see cref="MarkPool"/>. No order is needed between bits and other memory: objects do not change meanwhile.
/// </para>
/// <para>Objects are identified by their offset from the start of the heap, which is never 0.</para>
/// </remarks>
internal static unsafe class MarkBits
{
    /// <summary>The result of a search without success.</summary>
    internal const nuint None = 0;

    // 64 bits of 8 bytes each.
    internal const int WordShift = 9;

    /// <summary>Sets the bit of an object.</summary>
    /// <returns>False if it was set before.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TrySet(nuint offset)
    {
        ulong* word = CollectorTables.Marks + (offset >> WordShift);
        ulong mask = 1ul << (int)(offset >> 3);
        if ((*word & mask) != 0)
        {
            return false;
        }

        if (MarkPool.IsShared)
        {
            return TrySetAtomically(word, mask);
        }

        *word |= mask;
        return true;
    }

    /// <summary>Clears the bit of an object.</summary>
    internal static void Remove(nuint offset) =>
        CollectorTables.Marks[offset >> WordShift] &= ~(1ul << (int)(offset >> 3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsSet(nuint offset) =>
        (CollectorTables.Marks[offset >> WordShift] & (1ul << (int)(offset >> 3))) != 0;

    /// <summary>
    /// Returns the offset of the first marked object at or after one offset and below another, or
    /// <see cref="None"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint First(nuint from, nuint end) => First(CollectorTables.Marks, from, end);

    /// <summary>Does the same in another table of bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint First(ulong* marks, nuint from, nuint end)
    {
        if (from >= end)
        {
            return None;
        }

        nuint index = from >> WordShift;
        nuint last = (end - 1) >> WordShift;
        ulong bits = marks[index] & (ulong.MaxValue << (int)(from >> 3));
        while (bits == 0)
        {
            if (index == last)
            {
                return None;
            }

            bits = marks[++index];
        }

        nuint found = (index << WordShift) + ((nuint)BitOperations.TrailingZeroCount(bits) << 3);
        return found < end ? found : None;
    }

    /// <summary>
    /// Returns the offset of the last marked object at or after one offset and at or before another, or
    /// <see cref="None"/>.
    /// </summary>
    internal static nuint Last(nuint from, nuint to) => Last(CollectorTables.Marks, from, to);

    /// <summary>Does the same in another table of bits.</summary>
    internal static nuint Last(ulong* marks, nuint from, nuint to)
    {
        nuint index = to >> WordShift;
        nuint first = from >> WordShift;
        ulong bits = marks[index] & (ulong.MaxValue >> (63 - (int)((to >> 3) & 63)));
        while (bits == 0)
        {
            if (index == first)
            {
                return None;
            }

            bits = marks[--index];
        }

        nuint found = (index << WordShift) + ((nuint)BitOperations.Log2(bits) << 3);
        return found >= from ? found : None;
    }

    /// <summary>Clears the bits of the heap up to an offset.</summary>
    internal static void Clear(nuint used)
    {
        const nuint WordsInGranule = Granules.Size >> WordShift;
        for (nuint granule = 0; Granules.TryFindOccupied(ref granule, used / Granules.Size, out nuint end);
            granule = end)
        {
            Memory.Clear(CollectorTables.Marks + (granule * WordsInGranule),
                (end - granule) * WordsInGranule * sizeof(ulong));
        }
    }

    private static bool TrySetAtomically(ulong* word, ulong mask)
    {
        for (ulong seen = Atomic.Read(ref *word); (seen & mask) == 0; seen = Atomic.Read(ref *word))
        {
            if (Atomic.TryReplace(ref *word, seen, seen | mask))
            {
                return true;
            }
        }

        return false;
    }
}
