namespace Quarry.Gc;

/// <summary>
/// The heap in pieces of 64 KiB: whether their memory was returned to the system, and which large object
/// covers their start.
/// </summary>
/// <remarks>
/// The entry of a granule is the offset of the large object that covers its start, or 0; bit 0 is set if the
/// memory was returned. Such a granule is within a hole, reads as zeros, and does not count against the
/// limit. An entry belongs to the gap or the object in which its granule starts. Entries of a gap are changed
/// by the thread that sweeps it, and under the lock of <see cref="FreeSpace"/> from then on; those of a large
/// object are written by the thread that allocates it. A granule that was returned is within one gap.
/// </remarks>
internal static unsafe class Granules
{
    internal const nuint Size = 64 << 10;

    private const nuint Purged = 1;

    // Threads that sweep and threads that allocate change it.
    private static nuint s_purgedBytes;

    /// <summary>The number of bytes that are currently returned to the system.</summary>
    internal static nuint PurgedBytes => Atomic.Read(ref s_purgedBytes);

    /// <summary>
    /// Returns the offset of the large object that covers the start of a granule; 0 if there is none.
    /// </summary>
    internal static nuint ObjectAt(nuint granule) => CollectorTables.Entries[granule] & ~Purged;

    /// <summary>
    /// Finds the next granules in which objects may start: not those that a large object covers from end to
    /// end, nor those that were returned. Tables about other granules are zero, and may have no memory.
    /// </summary>
    /// <param name="granule">The granule to search from; receives the first granule that was found.</param>
    /// <param name="last">The last granule of the heap.</param>
    /// <param name="end">The granule after those that were found.</param>
    /// <returns>False if there are none.</returns>
    internal static bool TryFindOccupied(ref nuint granule, nuint last, out nuint end)
    {
        while (granule <= last && IsUnoccupied(granule, last))
        {
            granule++;
        }

        for (end = granule; end <= last && !IsUnoccupied(end, last); end++)
        {
        }

        return end > granule;
    }

    /// <summary>Records that an object covers the granules that start within it.</summary>
    internal static void Cover(byte* place, nuint size)
    {
        nuint offset = (nuint)(place - ManagedHeap.Start);
        for (nuint granule = (offset / Size) + 1; granule * Size < offset + size; granule++)
        {
            CollectorTables.Entries[granule] = offset;
        }
    }

    /// <summary>Records that no object covers the granules that start within a hole.</summary>
    internal static void Uncover(byte* place, nuint size)
    {
        nuint offset = (nuint)(place - ManagedHeap.Start);
        for (nuint granule = (offset / Size) + 1; granule * Size < offset + size; granule++)
        {
            CollectorTables.Entries[granule] &= Purged;
        }
    }

    /// <summary>Returns the memory of the whole granules within a range to the system.</summary>
    internal static void Purge(byte* from, byte* to)
    {
        nuint granule = Layout.AlignUp((nuint)(from - ManagedHeap.Start), Size) / Size;
        nuint end = (nuint)(to - ManagedHeap.Start) / Size;
        while (granule < end)
        {
            nuint first = granule;
            while (granule < end && (CollectorTables.Entries[granule] & Purged) == 0)
            {
                CollectorTables.Entries[granule++] |= Purged;
            }

            // One system call for adjacent granules.
            if (granule > first)
            {
                Purge(first, granule);
            }

            granule++;
        }
    }

    /// <summary>Claims the memory of the granules that a range overlaps, as far as it was returned.</summary>
    /// <param name="from">The start of the range.</param>
    /// <param name="to">The end of the range.</param>
    /// <param name="zeros">The first claimed granules that are adjacent; they read as zeros.</param>
    /// <returns>False if the limit does not allow it.</returns>
    internal static bool TryClaim(byte* from, byte* to, out MemoryRange zeros)
    {
        zeros = default;
        nuint granule = (nuint)(from - ManagedHeap.Start) / Size;
        nuint end = Layout.AlignUp((nuint)(to - ManagedHeap.Start), Size) / Size;
        for (; granule < end; granule++)
        {
            if ((CollectorTables.Entries[granule] & Purged) == 0)
            {
                continue;
            }

            if (!HeapLimit.TryClaim(Size))
            {
                return false;
            }

            CollectorTables.Entries[granule] &= ~Purged;
            _ = Atomic.Subtract(ref s_purgedBytes, Size);
            byte* start = ManagedHeap.Start + (granule * Size);
            if (zeros.Start == null)
            {
                zeros.Start = start;
                zeros.End = start + Size;
            }
            else if (zeros.End == start)
            {
                zeros.End += Size;
            }
        }

        return true;
    }

    /// <summary>
    /// Claims the memory of the granules that a range overlaps, whatever the limit is: a free object is
    /// written there.
    /// </summary>
    internal static void Claim(byte* from, byte* to)
    {
        nuint granule = (nuint)(from - ManagedHeap.Start) / Size;
        for (; granule <= (nuint)(to - ManagedHeap.Start - 1) / Size; granule++)
        {
            if ((CollectorTables.Entries[granule] & Purged) != 0)
            {
                CollectorTables.Entries[granule] &= ~Purged;
                _ = Atomic.Subtract(ref s_purgedBytes, Size);
                HeapLimit.Claim(Size);
            }
        }
    }

    private static bool IsUnoccupied(nuint granule, nuint last)
    {
        nuint entry = CollectorTables.Entries[granule];
        return (entry & Purged) != 0
            || (entry != 0 && granule < last && CollectorTables.Entries[granule + 1] == entry);
    }

    private static void Purge(nuint granule, nuint end)
    {
        nuint size = (end - granule) * Size;
        if (Os.Linux.Purge(ManagedHeap.Start + (granule * Size), size))
        {
            _ = Atomic.Add(ref s_purgedBytes, size);
            HeapLimit.Release(size);
            return;
        }

        // Locked memory cannot be returned, and keeps its contents.
        for (; granule < end; granule++)
        {
            CollectorTables.Entries[granule] &= ~Purged;
        }
    }
}
