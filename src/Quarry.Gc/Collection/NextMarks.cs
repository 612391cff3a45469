using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>
/// The bits of a full collection that marks while threads run. They take the place of <see cref="MarkBits"/>
/// when it ends.
/// </summary>
/// <remarks>
/// Only objects that are old, because they have survived a young collection, are marked here: their type,
/// size and contents are complete. Young collections set bits of <see cref="MarkBits"/> meanwhile, but clear
/// none, so an old object stays what it is. One thread sets these bits.
/// </remarks>
internal static unsafe class NextMarks
{
    /// <summary>Sets the bit of an object.</summary>
    /// <returns>False if it was set before, or if the object is young.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TrySet(nuint offset)
    {
        nuint index = offset >> MarkBits.WordShift;
        ulong mask = 1ul << (int)(offset >> 3);
        ulong* word = CollectorTables.NextMarks + index;

        // The second read pairs with the write in MarkBits.TrySet. Threads are suspended when an object
        // becomes old, so its contents were stored before that.
        if ((*word & mask) != 0 || (Atomic.Read(ref CollectorTables.Marks[index]) & mask) == 0)
        {
            return false;
        }

        *word |= mask;
        return true;
    }

    /// <summary>Determines whether an object is marked, or outside the heap.</summary>
    internal static bool IsLive(ManagedObject* instance) =>
        !ManagedHeap.Contains(instance) || IsSet((nuint)instance - (nuint)ManagedHeap.Start);

    internal static bool IsSet(nuint offset) =>
        (CollectorTables.NextMarks[offset >> MarkBits.WordShift] & (1ul << (int)(offset >> 3))) != 0;

    /// <summary>Clears all bits, while threads run.</summary>
    /// <remarks>
    /// Not by granules, as <see cref="MarkBits.Clear"/> does: threads that allocate change those. Words that
    /// are zero are only read, so that they need no memory.
    /// </remarks>
    internal static void Clear()
    {
        nuint words = (ManagedHeap.UsedBytes >> MarkBits.WordShift) + 1;
        ulong* marks = CollectorTables.NextMarks;
        for (nuint index = 0; index < words; index++)
        {
            if (marks[index] != 0)
            {
                marks[index] = 0;
            }
        }
    }
}
