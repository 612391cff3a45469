namespace Quarry;

/// <summary>Allocates blocks on pages of their own, between inaccessible pages.</summary>
/// <remarks>
/// <code>
///  inaccessible │ canary │ the block │ canary │ inaccessible
///                                     less than the alignment
/// </code>
/// The block ends as close to the inaccessible page after it as its alignment permits.
/// </remarks>
internal static unsafe class GuardedRange
{
    // Far below a size that could overflow, and far above any real size.
    private static nuint MaxBytes => (nuint)1 << 46;

    /// <summary>Allocates pages for a block; returns null if the system is out of memory.</summary>
    /// <param name="layout">The requested layout.</param>
    /// <param name="front">The number of accessible bytes before the block.</param>
    /// <param name="back">The number of accessible bytes after the block.</param>
    internal static byte* Allocate(Layout layout, out nuint front, out nuint back)
    {
        front = back = 0;
        if (layout.Size > MaxBytes || layout.Alignment > MaxBytes)
        {
            return null;
        }

        // For a large alignment, the guard before the block has that size, which keeps the pages of the block
        // aligned.
        nuint alignment = GuardBefore(layout);
        nuint usable = Layout.AlignUp(layout.Size == 0 ? 1 : layout.Size, Os.PageSize);
        nuint bytes = alignment + usable + Os.PageSize;
        PageSource system = PageSource.Inaccessible();
        byte* range = (byte*)system.Reserve(system.State, bytes, alignment);
        if (range == null)
        {
            return null;
        }

        byte* pages = range + alignment;
        if (!system.Commit(system.State, pages, usable))
        {
            system.Release(system.State, range, bytes);
            return null;
        }

        front = Layout.AlignDown(usable - layout.Size, layout.Alignment);
        back = usable - front - layout.Size;
        return pages + front;
    }

    /// <summary>
    /// Decommits the memory of a block. Its addresses remain reserved, so that every access faults.
    /// </summary>
    internal static void MakeInaccessible(CheckedBlock* block) =>
        Os.Decommit(block->Start, block->TotalBytes);

    /// <summary>Releases the addresses and the memory of a block.</summary>
    internal static void Free(CheckedBlock* block)
    {
        nuint before = GuardBefore(block->Layout);
        PageSource system = PageSource.Inaccessible();
        system.Release(system.State, block->Start - before, before + block->TotalBytes + Os.PageSize);
    }

    private static nuint GuardBefore(Layout layout) =>
        layout.Alignment > Os.PageSize ? layout.Alignment : Os.PageSize;
}
