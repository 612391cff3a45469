namespace Quarry;

/// <summary>
/// Allocates each block on pages of its own. The source of chunks and slabs for arenas and pools.
/// </summary>
/// <remarks>
/// A block occupies whole pages. On Linux, allocating takes four system calls, up to six if the alignment is
/// larger than a page, and freeing up to four; on Windows, two and one. Pages use physical memory when they
/// are first accessed, and are then zero. As thread-safe as the page source. It has no state, and needs no
/// disposal.
/// </remarks>
public readonly unsafe struct PageAllocator : IAllocator
{
    private readonly PageSource _pageSource;

    /// <summary>Initializes an allocator over the pages of the operating system.</summary>
    public PageAllocator()
        : this(PageSource.System())
    {
    }

    /// <summary>Initializes an allocator over a page source.</summary>
    /// <param name="pageSource">The page source. It must outlive the blocks.</param>
    public PageAllocator(PageSource pageSource) => _pageSource = pageSource;

    /// <inheritdoc/>
    public static AllocatorTraits Traits =>
        AllocatorTraits.Deallocates | AllocatorTraits.ResizesInPlace | AllocatorTraits.ThreadSafe;

    /// <summary>
    /// Determines whether this is the default value, which has no page source and serves no request.
    /// </summary>
    internal bool IsDefault => _pageSource.Reserve == null;

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        if (IsDefault)
        {
            return null;
        }

        nuint granularity = PageSource.Granularity;
        nuint size = WholePages(layout.Size);
        nuint alignment = layout.Alignment > granularity ? layout.Alignment : granularity;
        void* block = size <= Layout.MaxSize ? _pageSource.Reserve(_pageSource.State, size, alignment) : null;
        if (block != null && !_pageSource.Commit(_pageSource.State, block, size))
        {
            _pageSource.Release(_pageSource.State, block, size);
            return null;
        }

        return block;
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => Allocate(layout);

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null && !IsDefault)
        {
            _pageSource.Release(_pageSource.State, block, WholePages(layout.Size));
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        AllocatorDefaults.Reallocate(this, block, layout, newSize);

    /// <inheritdoc/>
    /// <returns><see langword="true"/> if both sizes occupy the same number of pages.</returns>
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        newSize <= Layout.MaxSize && WholePages(newSize) == WholePages(layout.Size);

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => WholePages(layout.Size);

    /// <inheritdoc/>
    /// <returns><see langword="false"/>; only the page source could decide.</returns>
    public bool Owns(void* block) => false;

    /// <inheritdoc/>
    public void DeallocateAll()
    {
    }

    private static nuint WholePages(nuint size) =>
        Layout.AlignUp(size == 0 ? 1 : size, PageSource.Granularity);
}
