namespace Quarry.Gc;

/// <summary>
/// The tables of the collector about the heap. Modes that never collect have only marks, during a
/// <see cref="FinalizationScan"/>.
/// </summary>
/// <remarks>
/// Together less than a fiftieth of the heap that is in use, or a thirtieth with a second table of marks.
/// </remarks>
internal static unsafe class CollectorTables
{
    // A bit for each 8 bytes, a byte for each block of 1 KiB, a word for each granule of 64 KiB.
    private const int MarkShift = 6, StartShift = 10, GranuleShift = 13;

    private static SideTable s_marks;

    // Only if full collections mark while threads run.
    private static SideTable s_nextMarks;
    private static SideTable s_starts;
    private static SideTable s_granules;

    /// <summary>The table of <see cref="MarkBits"/>.</summary>
    internal static ulong* Marks => (ulong*)s_marks.Start;

    /// <summary>The table of <see cref="NextMarks"/>.</summary>
    internal static ulong* NextMarks => (ulong*)s_nextMarks.Start;

    /// <summary>The table of <see cref="ObjectStarts"/>.</summary>
    internal static byte* Starts => s_starts.Start;

    /// <summary>The table of <see cref="Granules"/>.</summary>
    internal static nuint* Entries => (nuint*)s_granules.Start;

    internal static bool TryReserve(nuint heapSize) =>
        s_marks.TryReserve(heapSize, MarkShift)
        && (!HeapMode.IsConcurrent || s_nextMarks.TryReserve(heapSize, MarkShift))
        && s_starts.TryReserve(heapSize, StartShift)
        && s_granules.TryReserve(heapSize, GranuleShift);

    /// <summary>Commits the marks of the first bytes of the heap, in a mode that never collects.</summary>
    /// <returns>False if out of memory.</returns>
    internal static bool TryCommitMarks(nuint used) =>
        (s_marks.Start != null || s_marks.TryReserve(ManagedHeap.ReservedBytes, MarkShift))
        && s_marks.TryCommit(offset: 0, used);

    /// <summary>Decommits them.</summary>
    internal static void DecommitMarks(nuint used) => s_marks.Decommit(used);

    internal static bool TryCommit(nuint offset, nuint size) =>
        s_marks.TryCommit(offset, size)
        && (!HeapMode.IsConcurrent || s_nextMarks.TryCommit(offset, size))
        && s_starts.TryCommit(offset, size)
        && s_granules.TryCommit(offset, size);

    /// <summary>Exchanges the two tables of mark bits. Threads must be suspended.</summary>
    internal static void ExchangeMarks()
    {
        SideTable marks = s_marks;
        s_marks = s_nextMarks;
        s_nextMarks = marks;
    }

    internal static void Release()
    {
        s_marks.Release();
        s_nextMarks.Release();
        s_starts.Release();
        s_granules.Release();
    }
}
