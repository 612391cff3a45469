using System.Threading;

namespace Quarry;

/// <summary>
/// A <see cref="MmapPageSource"/> whose ranges read as zeros for a while after their release.
/// </summary>
/// <remarks>
/// On .NET, a handle easily outlives the allocator of its memory: a collection that is disposed after its
/// heap, for example. Reading unmapped memory terminates the process; there is no exception to catch. A
/// released range is therefore replaced by one that reads as zeros, which is the state of a disposed
/// collection, and has no physical memory. The last <see cref="Count"/> such ranges are kept. Under a limit
/// on address space, ranges are unmapped at once.
/// </remarks>
internal readonly unsafe struct LingeringPageSource : IPageSource
{
    // This number of regions of 64 GiB is a sixteenth of a 47-bit address space.
    private const int Count = 128;

    private const int StartShift = 28;
    private const ulong SizeMask = (1ul << StartShift) - 1;

    private static readonly ulong[] s_ranges = new ulong[Count];
    private static uint s_next;

    /// <inheritdoc/>
    public static bool ReservesAddressSpace => true;

    /// <inheritdoc/>
    public static bool CanResize => true;

    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment) => default(MmapPageSource).Reserve(size, alignment);

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size) => default(MmapPageSource).Commit(start, size);

    /// <inheritdoc/>
    public bool Purge(void* start, nuint size) => default(MmapPageSource).Purge(start, size);

    /// <inheritdoc/>
    public void Release(void* start, nuint size)
    {
        ulong pages = size / Os.PageSize;
        if (pages > SizeMask
            || Os.AddressSpaceLimit() != nuint.MaxValue
            || !Os.Linux.Blank(start, size))
        {
            default(MmapPageSource).Release(start, size);
            return;
        }

        // Start and size are one word, so that concurrent releases exchange whole ranges.
        ulong range = ((nuint)start / Os.PageSize << StartShift) | pages;
        uint place = Interlocked.Increment(ref s_next) % Count;
        ulong oldest = Interlocked.Exchange(ref s_ranges[place], range);
        if (oldest != 0)
        {
            void* oldestStart = (void*)((nuint)(oldest >> StartShift) * Os.PageSize);
            default(MmapPageSource).Release(oldestStart, (nuint)(oldest & SizeMask) * Os.PageSize);
        }
    }

    /// <inheritdoc/>
    public bool TryResize(void* start, nuint oldSize, nuint newSize) =>
        default(MmapPageSource).TryResize(start, oldSize, newSize);

    /// <inheritdoc/>
    public bool TryMove(void* from, nuint oldSize, void* to, nuint newSize) =>
        default(MmapPageSource).TryMove(from, oldSize, to, newSize);
}
