using System.Threading;

namespace Quarry;

/// <summary>
/// <see cref="MmapPageSource"/> whose addresses read as zeros for a while after they were given back.
/// </summary>
/// <remarks>
/// In .NET a handle easily outlives the allocator its memory came from: a collection that is disposed after
/// its heap was. A read of memory that is not there ends the process, and no exception can be caught. So a
/// range that is given back is replaced by one that has no memory behind it and reads as zeros, which is what
/// a disposed collection looks like; the last <see cref="Count"/> of them stay. The memory itself goes back
/// at once. Under a limit of address space there is none to spare, and ranges are unmapped as usual.
/// </remarks>
internal readonly unsafe struct LingeringPageSource : IPageSource
{
    // Regions of 64 GiB take a sixteenth of the address space, then.
    private const int Count = 128;

    private const int StartShift = 28;
    private const ulong SizeMask = (1ul << StartShift) - 1;

    private static readonly ulong[] s_ranges = new ulong[Count];
    private static uint s_next;

    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment) => default(MmapPageSource).Reserve(size, alignment);

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size) => default(MmapPageSource).Commit(start, size);

    /// <inheritdoc/>
    public bool Purge(void* start, nuint size) => default(MmapPageSource).Purge(start, size);

    /// <inheritdoc/>
    public void Release(void* start, nuint size)
    {
        ulong pages = size / LinuxOs.PageSize;
        if (pages > SizeMask
            || LinuxOs.AddressSpaceLimit() != nuint.MaxValue
            || !LinuxOs.Blank(start, size))
        {
            default(MmapPageSource).Release(start, size);
            return;
        }

        // One word for both, so that threads that come here together exchange whole ranges.
        ulong range = ((nuint)start / LinuxOs.PageSize << StartShift) | pages;
        uint place = Interlocked.Increment(ref s_next) % Count;
        ulong oldest = Interlocked.Exchange(ref s_ranges[place], range);
        if (oldest != 0)
        {
            void* oldestStart = (void*)((nuint)(oldest >> StartShift) * LinuxOs.PageSize);
            default(MmapPageSource).Release(oldestStart, (nuint)(oldest & SizeMask) * LinuxOs.PageSize);
        }
    }
}
