namespace Quarry.Gc;

/// <summary>The memory acquired since the last collection: where the young objects are.</summary>
/// <remarks>
/// The ranges never overlap: a range is either new memory or a hole, and returns to the holes only by a
/// collection, which empties the list. A young collection sweeps nothing else.
/// </remarks>
internal static unsafe class AllocatedRanges
{
    private static YieldingLock s_lock;
    private static WordList s_ranges;
    private static bool s_isIncomplete;

    /// <summary>
    /// Determines whether all ranges are known. If the list had no memory for one, the next collection must
    /// sweep the whole heap.
    /// </summary>
    internal static bool IsComplete => !s_isIncomplete;

    /// <summary>The number of ranges.</summary>
    internal static nuint Count => s_ranges.Count / 2;

    // A range is two words.
    private static MemoryRange* Ranges => (MemoryRange*)s_ranges.Items;

    internal static void Add(byte* place, nuint size)
    {
        s_lock.Enter();
        Append(place, size);
        s_lock.Exit();
    }

    /// <summary>Adds holes that are linked by <see cref="FreeObject.Next"/>.</summary>
    internal static void Add(FreeObject* holes)
    {
        s_lock.Enter();
        for (FreeObject* hole = holes; hole != null; hole = hole->Next)
        {
            Append((byte*)hole, FreeObject.SizeOf(hole));
        }

        s_lock.Exit();
    }

    /// <summary>
    /// Sorts the ranges by their addresses, and combines adjacent ones. Threads must be suspended.
    /// </summary>
    internal static void Sort()
    {
        HeapSort<MemoryRange>.Sort(Ranges, Count);
        nuint kept = Count == 0 ? 0u : 1;
        for (nuint index = 1; index < Count; index++)
        {
            MemoryRange range = Ranges[index];
            if (Ranges[kept - 1].End == range.Start)
            {
                Ranges[kept - 1].End = range.End;
            }
            else
            {
                Ranges[kept++] = range;
            }
        }

        s_ranges.Truncate(2 * kept);
    }

    /// <summary>
    /// Returns a range: the address of the first object, and that of the first object after the last one.
    /// </summary>
    internal static MemoryRange Get(nuint index) => Ranges[index];

    internal static void Clear()
    {
        s_ranges.Clear();
        s_isIncomplete = false;
    }

    private static void Append(byte* place, nuint size)
    {
        nuint last = s_ranges.Count;
        if (last != 0 && s_ranges[last - 1] == (nuint)place)
        {
            s_ranges[last - 1] = (nuint)place + size;
        }
        else if (!s_ranges.TryAdd((nuint)place) || !s_ranges.TryAdd((nuint)place + size))
        {
            s_isIncomplete = true;
        }
    }
}
