namespace Quarry;

/// <summary>
/// Provides pages from <c>mmap</c>, reserved without access and committed by <c>mprotect</c>.
/// </summary>
/// <remarks>
/// Unlike writable pages, pages reserved without access are not charged by strict overcommit, and neither
/// <c>mlockall</c> nor huge pages back those that are never used. Core dumps contain only committed pages.
/// Each commit costs two system calls.
/// </remarks>
public readonly unsafe struct MmapPageSource : IPageSource
{
    /// <inheritdoc/>
    public static bool ReservesAddressSpace => true;

    /// <inheritdoc/>
    public static bool CanResize => true;

    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment)
    {
        // The kernel aligns to pages only, so a larger range is reserved and its unaligned ends are released.
        nuint surplus = alignment > Os.PageSize ? alignment : 0;
        byte* raw = size <= Layout.MaxSize - surplus ? (byte*)Os.Linux.Reserve(size + surplus) : null;
        if (raw == null || surplus == 0)
        {
            return raw;
        }

        byte* start = (byte*)Layout.AlignUp((nuint)raw, alignment);
        nuint before = (nuint)(start - raw);
        nuint behind = surplus - before;
        if (before > 0)
        {
            Os.Linux.Unmap(raw, before);
        }

        if (behind > 0)
        {
            Os.Linux.Unmap(start + size, behind);
        }

        return start;
    }

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size) => Os.Linux.Commit(start, size);

    /// <inheritdoc/>
    public bool Purge(void* start, nuint size) => Os.Linux.Purge(start, size);

    /// <inheritdoc/>
    public void Release(void* start, nuint size) => Os.Linux.Unmap(start, size);

    /// <inheritdoc/>
    public bool TryResize(void* start, nuint oldSize, nuint newSize) =>
        Os.Linux.TryResize(start, oldSize, newSize);

    /// <inheritdoc/>
    public bool TryMove(void* from, nuint oldSize, void* to, nuint newSize) =>
        Os.Linux.TryMove(from, oldSize, to, newSize);
}
