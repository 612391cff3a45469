namespace Quarry;

/// <summary>Enumerates the blocks of a page of small blocks that lie in purged memory, run by run.</summary>
/// <remarks>
/// A block is in a hole if any page of the operating system that it touches was purged. A block can touch two
/// purged ranges; it is in the first run only.
/// </remarks>
/// <param name="region">The region of the page.</param>
/// <param name="page">The page.</param>
internal unsafe struct HoleRuns(Region* region, Page* page)
{
    private readonly SliceHoles* _holes = region->Holes + region->SliceOf(page);
    private readonly nuint _size = page->BlockSize;
    private readonly nuint _extended = page->Extended;
    private readonly nuint _count = (nuint)page->Slices * SliceHoles.PerSlice;
    private nuint _at;

    /// <summary>Gets the index of the first block of the run.</summary>
    internal nuint First { get; private set; }

    /// <summary>Gets the index after the last block of the run.</summary>
    internal nuint End { get; private set; }

    /// <summary>Advances to the next run that has blocks; returns false if there is none.</summary>
    internal bool MoveNext()
    {
        while (_at < _count)
        {
            nuint first = Next(_at, purged: true);
            _at = Next(first, purged: false);
            nuint block = first * Os.PageSize / _size;
            First = block < End ? End : block;
            nuint end = ((_at * Os.PageSize) + _size - 1) / _size;
            End = end < _extended ? end : _extended;
            if (First < End)
            {
                return true;
            }

            End = First;
        }

        return false;
    }

    private readonly nuint Next(nuint at, bool purged)
    {
        while (at < _count && SliceHoles.IsPurged(_holes, at) != purged)
        {
            at++;
        }

        return at;
    }
}
