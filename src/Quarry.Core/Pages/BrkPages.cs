namespace Quarry;

/// <summary>Pages from the program break, for programs that may not map and for study.</summary>
/// <remarks>
/// The break is shared by the whole process, and the C library's own allocator trusts that nobody else
/// moves it: use this where nothing else allocates by it. A range that is not the topmost one cannot be
/// taken back by the system; its memory is discarded instead.
/// </remarks>
public readonly unsafe struct BrkPages : IPageSource
{
    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment)
    {
        nuint top = Os.Break(0);
        nuint start = Layout.AlignUp(top, alignment > Os.PageSize ? alignment : Os.PageSize);
        return start >= top && size <= Layout.MaxSize - start && Os.Break(start + size) == start + size
            ? (void*)start
            : null;
    }

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size) => true;

    /// <inheritdoc/>
    public bool Purge(void* start, nuint size) => Os.Discard(start, size);

    /// <inheritdoc/>
    public void Release(void* start, nuint size)
    {
        nuint end = (nuint)start + size;
        if (Os.Break(0) != end || Os.Break((nuint)start) != (nuint)start)
        {
            _ = Os.Discard(start, size);
        }
    }
}
