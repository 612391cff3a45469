namespace Quarry;

/// <summary>
/// Every block is a range of pages of its own: what arenas and other pools take large pieces from.
/// </summary>
/// <remarks>
/// A block takes whole pages, two system calls to take and one to give back. Pages take memory when they are
/// touched, and are zero then. As thread-safe as the source; without state of its own, so there is nothing
/// to dispose.
/// </remarks>
public readonly unsafe struct PageAllocator : IAllocator
{
    private readonly PageSource _pages;

    /// <summary>Takes the system's pages.</summary>
    public PageAllocator()
        : this(PageSource.System())
    {
    }

    /// <summary>Takes the pages of a source.</summary>
    public PageAllocator(PageSource pages) => _pages = pages;

    /// <inheritdoc/>
    public static AllocatorTraits Traits =>
        AllocatorTraits.Deallocates | AllocatorTraits.ResizesInPlace | AllocatorTraits.ThreadSafe;

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        const int MinAlignment = PageSource.Granularity;
        nuint size = Pages(layout.Size);
        nuint alignment = layout.Alignment > MinAlignment ? layout.Alignment : MinAlignment;
        void* block = size <= Layout.MaxSize ? _pages.Reserve(_pages.State, size, alignment) : null;
        if (block != null && !_pages.Commit(_pages.State, block, size))
        {
            _pages.Release(_pages.State, block, size);
            return null;
        }

        return block;
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => Allocate(layout);

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            _pages.Release(_pages.State, block, Pages(layout.Size));
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        AllocatorDefaults.Reallocate(this, block, layout, newSize);

    /// <inheritdoc/>
    /// <returns>Whether the new size takes the same number of pages.</returns>
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        newSize <= Layout.MaxSize && Pages(newSize) == Pages(layout.Size);

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => Pages(layout.Size);

    /// <inheritdoc/>
    /// <returns>False: only the source could tell.</returns>
    public bool Owns(void* block) => false;

    /// <inheritdoc/>
    public void DeallocateAll()
    {
    }

    private static nuint Pages(nuint size) => Layout.AlignUp(size == 0 ? 1 : size, PageSource.Granularity);
}
