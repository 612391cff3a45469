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

    /// <summary>
    /// Sorts the ranges by their addresses, and combines adjacent ones. Threads must be suspended.
    /// </summary>
    internal static void Sort()
    {
        SortByStart();
        nuint last = 0;
        for (nuint index = 1; index < Count; index++)
        {
            MemoryRange range = Get(index);
            if (Get(last).End == range.Start)
            {
                s_ranges[(2 * last) + 1] = (nuint)range.End;
            }
            else
            {
                Set(++last, range);
            }
        }

        s_ranges.Truncate(Count == 0 ? 0 : 2 * (last + 1));
    }

    /// <summary>
    /// Returns a range: the address of the first object, and that of the first object after the last one.
    /// </summary>
    internal static MemoryRange Get(nuint index) =>
        new() { Start = (byte*)s_ranges[2 * index], End = (byte*)s_ranges[(2 * index) + 1] };

    internal static void Clear()
    {
        s_ranges.Clear();
        s_isIncomplete = false;
    }

    // Heap sort: in place, and as fast for any order.
    private static void SortByStart()
    {
        for (nuint root = Count / 2; root > 0; root--)
        {
            SiftDown(root - 1, Count);
        }

        for (nuint end = Count; end > 1; end--)
        {
            MemoryRange greatest = Get(0);
            Set(0, Get(end - 1));
            Set(end - 1, greatest);
            SiftDown(0, end - 1);
        }
    }

    private static void SiftDown(nuint root, nuint end)
    {
        MemoryRange moved = Get(root);
        for (nuint child = (2 * root) + 1; child < end; child = (2 * root) + 1)
        {
            if (child + 1 < end && Get(child + 1).Start > Get(child).Start)
            {
                child++;
            }

            if (moved.Start >= Get(child).Start)
            {
                break;
            }

            Set(root, Get(child));
            root = child;
        }

        Set(root, moved);
    }

    private static void Set(nuint index, MemoryRange range)
    {
        s_ranges[2 * index] = (nuint)range.Start;
        s_ranges[(2 * index) + 1] = (nuint)range.End;
    }
}
