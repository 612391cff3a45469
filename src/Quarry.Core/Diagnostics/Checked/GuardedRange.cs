namespace Quarry;

/// <summary>Blocks on pages of their own, between pages that nobody may touch.</summary>
/// <remarks>
/// <code>
///  inaccessible │ canary │ the block │ canary │ inaccessible
///                                     less than the alignment
/// </code>
/// The block ends as close to the inaccessible page behind it as its alignment allows.
/// </remarks>
internal static unsafe class GuardedRange
{
    // Far below what could wrap, far above what there is.
    private static nuint MaxBytes => (nuint)1 << 46;

    /// <summary>Takes pages for a block; null if the system has none.</summary>
    /// <param name="layout">What the caller asked for.</param>
    /// <param name="front">Accessible bytes in front.</param>
    /// <param name="back">Accessible bytes behind.</param>
    internal static byte* Take(Layout layout, out nuint front, out nuint back)
    {
        front = back = 0;
        if (layout.Size > MaxBytes || layout.Alignment > MaxBytes)
        {
            return null;
        }

        // A guard in front of the size of a large alignment keeps the pages of the block aligned to it.
        nuint alignment = GuardBefore(layout);
        nuint usable = Layout.AlignUp(layout.Size == 0 ? 1 : layout.Size, Os.PageSize);
        nuint bytes = alignment + usable + Os.PageSize;
        PageSource system = PageSource.System();
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

    /// <summary>Takes the memory away; the addresses stay taken, so that every access is an error.</summary>
    internal static void Seal(CheckedBlock* block) => Os.Decommit(block->Start, block->TotalBytes);

    /// <summary>Gives the addresses back as well.</summary>
    internal static void Release(CheckedBlock* block)
    {
        nuint before = GuardBefore(block->Layout);
        PageSource system = PageSource.System();
        system.Release(system.State, block->Start - before, before + block->TotalBytes + Os.PageSize);
    }

    private static nuint GuardBefore(Layout layout) =>
        layout.Alignment > Os.PageSize ? layout.Alignment : Os.PageSize;
}
