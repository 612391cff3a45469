using System.Threading;

namespace Quarry;

/// <summary>
/// A <see cref="MmapPageSource"/> whose ranges read as zeros for a while after they were released.
/// </summary>
/// <remarks>
/// On .NET a handle easily outlives the allocator its memory came from: a collection that is disposed after
/// its heap, for example. Reading unmapped memory ends the process, and no exception can be caught. So a
/// released range is replaced by one without memory that reads as zeros, which is the state of a disposed
/// collection. The last <see cref="Count"/> of them remain. Physical memory is freed at once. Under a limit
/// on address space, ranges are unmapped immediately.
/// </remarks>
internal readonly unsafe struct LingeringPageSource : IPageSource
{
    // As many regions of 64 GiB are a sixteenth of the address space.
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
