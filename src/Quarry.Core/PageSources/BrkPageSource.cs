namespace Quarry;

/// <summary>
/// Provides pages from the program break, for programs that may not map memory, and for study.
/// </summary>
/// <remarks>
/// The whole process shares the break, and the C library's own allocator assumes that nothing else moves it:
/// use this source only if nothing else allocates from the break. Only the topmost range can be returned to
/// the system. Releasing another range frees its physical memory, but its addresses are lost.
/// </remarks>
public readonly unsafe struct BrkPageSource : IPageSource
{
    /// <inheritdoc/>
    public static bool ReservesAddressSpace => false;

    /// <inheritdoc/>
    public static bool CanResize => false;

    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment)
    {
        nuint top = Os.Linux.Break(0);
        nuint start = Layout.AlignUp(top, alignment > Os.PageSize ? alignment : Os.PageSize);
        return top != 0
            && start >= top
            && size <= Layout.MaxSize - start
            && Os.Linux.Break(start + size) == start + size
            ? (void*)start
            : null;
    }

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size) => true;

    /// <inheritdoc/>
    public bool Purge(void* start, nuint size) => Os.Linux.Purge(start, size);

    /// <inheritdoc/>
    public void Release(void* start, nuint size)
    {
        nuint end = (nuint)start + size;
        if (Os.Linux.Break(0) != end || Os.Linux.Break((nuint)start) != (nuint)start)
        {
            _ = Os.Linux.Purge(start, size);
        }
    }

    /// <inheritdoc/>
    public bool TryResize(void* start, nuint oldSize, nuint newSize) => false;

    /// <inheritdoc/>
    public bool TryMove(void* from, nuint oldSize, void* to, nuint newSize) => false;
}
