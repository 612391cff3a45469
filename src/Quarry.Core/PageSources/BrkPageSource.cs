namespace Quarry;

/// <summary>Pages from the program break, for programs that may not map and for study.</summary>
/// <remarks>
/// The break is shared by the whole process, and the C library's own allocator trusts that nobody else
/// moves it: use this where nothing else allocates by it. A range that is not the topmost one cannot be
/// taken back by the system; its memory is discarded instead.
/// </remarks>
public readonly unsafe struct BrkPageSource : IPageSource
{
    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment)
    {
        nuint top = LinuxOs.Break(0);
        nuint start = Layout.AlignUp(top, alignment > LinuxOs.PageSize ? alignment : LinuxOs.PageSize);
        return start >= top && size <= Layout.MaxSize - start && LinuxOs.Break(start + size) == start + size
            ? (void*)start
            : null;
    }

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size) => true;

    /// <inheritdoc/>
    public bool Purge(void* start, nuint size) => LinuxOs.Discard(start, size);

    /// <inheritdoc/>
    public void Release(void* start, nuint size)
    {
        nuint end = (nuint)start + size;
        if (LinuxOs.Break(0) != end || LinuxOs.Break((nuint)start) != (nuint)start)
        {
            _ = LinuxOs.Discard(start, size);
        }
    }
}
