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
    // The break is read and then moved.
    private static YieldingLock s_lock;

    /// <inheritdoc/>
    public static bool ReservesAddressSpace => false;

    /// <inheritdoc/>
    public static bool CanResize => false;

    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment)
    {
        s_lock.Enter();
        nuint top = Os.Linux.Break(0);
        nuint start = Layout.AlignUp(top, alignment > Os.PageSize ? alignment : Os.PageSize);
        bool reserved = top != 0
            && start >= top
            && size <= Layout.MaxSize - start
            && Os.Linux.Break(start + size) == start + size;
        s_lock.Exit();
        return reserved ? (void*)start : null;
    }

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size) => true;

    /// <inheritdoc/>
    public bool Purge(void* start, nuint size) => Os.Linux.Purge(start, size);

    /// <inheritdoc/>
    public void Release(void* start, nuint size)
    {
        nuint end = (nuint)start + size;
        s_lock.Enter();
        bool released = Os.Linux.Break(0) == end && Os.Linux.Break((nuint)start) == (nuint)start;
        s_lock.Exit();
        if (!released)
        {
            _ = Os.Linux.Purge(start, size);
        }
    }

    /// <inheritdoc/>
    public bool TryResize(void* start, nuint oldSize, nuint newSize) => false;

    /// <inheritdoc/>
    public bool TryMove(void* from, nuint oldSize, void* to, nuint newSize) => false;
}
