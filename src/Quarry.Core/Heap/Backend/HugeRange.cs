namespace Quarry;

/// <summary>The huge pages of a large block that <see cref="LargeBacking"/> considers.</summary>
internal unsafe struct HugeRange
{
    /// <summary>The first byte of the block.</summary>
    public nuint Block;

    /// <summary>The end of what the program is expected to write.</summary>
    public nuint WrittenEnd;

    /// <summary>The first huge page without bytes of other blocks.</summary>
    public nuint First;

    /// <summary>The end of the last huge page without bytes of other blocks.</summary>
    public nuint Last;

    /// <summary>The first huge page to back.</summary>
    public nuint Start;

    /// <summary>The end of the last huge page to back; not after the start if there is none.</summary>
    public nuint End;

    private static nuint HugePage => Region.Alignment;

    /// <summary>Returns the huge pages of a block.</summary>
    /// <param name="region">The region of the block.</param>
    /// <param name="block">The block.</param>
    /// <param name="size">The number of bytes in the block.</param>
    /// <param name="written">The number of these that the program is expected to write.</param>
    internal static HugeRange Of(Region* region, nuint block, nuint size, nuint written)
    {
        HugeRange range;
        nuint end = block + size;
        range.Block = block;
        range.WrittenEnd = block + written;
        range.First = Layout.AlignUp(block, HugePage);
        range.Last = Layout.AlignDown(end, HugePage);

        // The first and the last huge page may be written in part only. What is not written of each is at
        // most half of what the program writes, or of a huge page. But at the high-water mark the next block
        // begins in the last one: blocks that are allocated in a row have no gaps between them.
        nuint most = written / 2 < HugePage / 2 ? HugePage / 2 : written / 2;
        nuint highWater = (nuint)region->AddressOf(Atomic.Read(ref region->HighWater));
        bool isHighest = written == size && Layout.AlignUp(end, Region.SliceSize) == highWater;
        nuint up = Layout.AlignUp(range.WrittenEnd, HugePage);
        range.End = isHighest || up - range.WrittenEnd <= most ? up : up - HugePage;
        if (range.End > range.Last)
        {
            bool mayBack = isHighest ? IsCommitted(region, range.End) : IsUsed(region, range.Last);
            range.End = mayBack ? range.End : range.Last;
        }

        nuint shared = range.First - HugePage;
        bool isFirst = block - shared <= most && range.First <= range.End && range.First != block;
        range.Start = isFirst && IsUsed(region, shared) ? shared : range.First;
        return range;
    }

    /// <summary>Determines whether a huge page contains no byte of other blocks.</summary>
    internal readonly bool IsInside(nuint page) => page >= First && page < Last;

    /// <summary>Determines whether a huge page is expected to be written as a whole.</summary>
    internal readonly bool IsWritten(nuint page) => IsInside(page) && page + HugePage <= WrittenEnd;

    /// <summary>
    /// Returns the number of bytes of a huge page that the program is expected to write to the block and that
    /// are not in memory.
    /// </summary>
    internal readonly nuint Missing(nuint page)
    {
        nuint begin = page < Block ? Block : page;
        nuint end = page + HugePage < WrittenEnd ? page + HugePage : WrittenEnd;
        begin = Layout.AlignDown(begin, Os.PageSize);
        end = Layout.AlignUp(end, Os.PageSize);
        return end > begin ? end - begin - Os.Resident((byte*)begin, end - begin) : 0;
    }

    private static bool IsCommitted(Region* region, nuint end) =>
        end <= (nuint)region->AddressOf(Atomic.Read(ref region->Committed));

    // A free slice that reads as zeros would stay in memory, because only dirty slices are purged.
    private static bool IsUsed(Region* region, nuint page)
    {
        nuint first = (nuint)region->AddressOf(region->FirstSlice);
        nuint highWater = (nuint)region->AddressOf(Atomic.Read(ref region->HighWater));
        nuint slice = (page - (nuint)region->Base) >> Region.Log2Slice;
        return page >= first && page + HugePage <= highWater
            && region->AreUsed(slice, HugePage >> Region.Log2Slice);
    }
}
