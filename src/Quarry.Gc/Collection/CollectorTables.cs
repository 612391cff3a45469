namespace Quarry.Gc;

/// <summary>
/// The tables of the collector about the heap, which exist in the mode <c>collect</c> only.
/// </summary>
/// <remarks>Together less than a fiftieth of the heap that is in use.</remarks>
internal static unsafe class CollectorTables
{
    // A bit for each 8 bytes, a byte for each block of 1 KiB, a word for each granule of 64 KiB.
    private const int MarkShift = 6, StartShift = 10, GranuleShift = 13;

    private static SideTable s_marks;
    private static SideTable s_starts;
    private static SideTable s_granules;

    /// <summary>The table of <see cref="MarkBits"/>.</summary>
    internal static ulong* Marks => (ulong*)s_marks.Start;

    /// <summary>The table of <see cref="ObjectStarts"/>.</summary>
    internal static byte* Starts => s_starts.Start;

    /// <summary>The table of <see cref="Granules"/>.</summary>
    internal static nuint* Entries => (nuint*)s_granules.Start;

    internal static bool TryReserve(nuint heapSize) =>
        s_marks.TryReserve(heapSize, MarkShift)
        && s_starts.TryReserve(heapSize, StartShift)
        && s_granules.TryReserve(heapSize, GranuleShift);

    internal static bool TryCommit(nuint offset, nuint size) =>
        s_marks.TryCommit(offset, size)
        && s_starts.TryCommit(offset, size)
        && s_granules.TryCommit(offset, size);

    internal static void Release()
    {
        s_marks.Release();
        s_starts.Release();
        s_granules.Release();
    }
}
