namespace Quarry.Gc;

/// <summary>
/// A table with one byte for each 2^n bytes of the heap: reserved with the heap, and committed as it grows.
/// </summary>
/// <remarks>Without access until then, because a crash dump reads every writable page.</remarks>
internal unsafe struct SideTable
{
    private int _shift;
    private nuint _size;

    /// <summary>The entry of the first byte of the heap.</summary>
    internal byte* Start { get; private set; }

    /// <summary>Reserves the table.</summary>
    /// <param name="heapSize">The size of the heap's reservation.</param>
    /// <param name="shift">The binary logarithm of the number of heap bytes per byte of the table.</param>
    /// <returns>False if out of address space.</returns>
    internal bool TryReserve(nuint heapSize, int shift)
    {
        PageSource pages = PageSource.Mmap();
        _shift = shift;
        _size = Layout.AlignUp((heapSize >> shift) + Os.PageSize, Os.PageSize);
        Start = (byte*)pages.Reserve(pages.State, _size, Os.PageSize);
        return Start != null;
    }

    /// <summary>Commits the entries of a part of the heap.</summary>
    /// <returns>False if out of memory.</returns>
    internal readonly bool TryCommit(nuint offset, nuint size)
    {
        nuint first = Layout.AlignDown(offset >> _shift, Os.PageSize);
        nuint end = Layout.AlignUp(((offset + size) >> _shift) + 1, Os.PageSize);
        return Os.Commit(Start + first, end - first);
    }

    /// <summary>Decommits the entries of the first bytes of the heap, if the table is reserved.</summary>
    internal readonly void Decommit(nuint size)
    {
        if (Start != null)
        {
            Os.Decommit(Start, Layout.AlignUp((size >> _shift) + 1, Os.PageSize));
        }
    }

    /// <summary>Releases the reservation, if there is one.</summary>
    internal void Release()
    {
        if (Start != null)
        {
            Os.Unmap(Start, _size);
            Start = null;
        }
    }
}
