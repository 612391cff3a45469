using System.Numerics;

namespace Quarry;

/// <summary>
/// Purges memory inside a page of small blocks that is in use: the pages of the operating system on which all
/// blocks are free.
/// </summary>
/// <remarks>
/// <para>
/// Purging a free block loses its link, so the blocks of a <em>hole</em> leave the list of the page and count
/// as used; <see cref="Region.Holes"/> records where the holes are. Only pages in the state Available have
/// holes: before such a page becomes current, its blocks return to the list. So no other state, and nothing
/// but the slow paths of available pages, has to consider them.
/// </para>
/// <para>
/// If the thread is killed, blocks that have left the list and are not recorded yet are leaked. Otherwise the
/// record states where they are, because it is written before the memory is purged, and erased before the
/// blocks return.
/// </para>
/// </remarks>
internal static unsafe class PageHoles
{
    // A page has at most 8 slices, and a slice at most 16 pages of the operating system. A page of one slice
    // with the smallest blocks has the most.
    private const int MostOsPages = 128, MostBlocks = (int)(Region.SliceSize / Block.MinSize);

    /// <summary>Returns the number of blocks in holes.</summary>
    internal static int Count(Region* region, Page* page)
    {
        if (page->Purged == 0)
        {
            return 0;
        }

        nuint count = 0;
        for (HoleRuns run = new(region, page); run.MoveNext();)
        {
            count += run.End - run.First;
        }

        return (int)count;
    }

    /// <summary>
    /// Returns the number of blocks of a page that are in use, in the owner's free list, or in remote caches
    /// and queues.
    /// </summary>
    internal static int InUse(Region* region, Page* page) => page->Used - Count(region, page);

    /// <summary>
    /// Purges what is entirely free of a page that the caller owns and that is in the state Available.
    /// </summary>
    /// <returns>The number of ranges purged, one system call each.</returns>
    internal static int Purge(ThreadHeap* thread, Region* region, Page* page)
    {
        ulong* free = stackalloc ulong[MostBlocks / 64];
        bool* doomed = stackalloc bool[MostOsPages];
        nuint count = (nuint)page->Slices * SliceHoles.PerSlice;
        SliceHoles* holes = region->Holes + region->SliceOf(page);
        bool any = false;
        if (!TryMarkFree(region, page, free))
        {
            return 0;
        }

        for (nuint osPage = 0; osPage < count; osPage++)
        {
            doomed[osPage] = !SliceHoles.IsPurged(holes, osPage) && IsFree(page, free, osPage);
            any |= doomed[osPage];
        }

        if (!any)
        {
            return 0;
        }

        int used = page->Used + Unlink(page, region->StartOf(page), doomed);
        for (nuint osPage = 0; osPage < count; osPage++)
        {
            if (doomed[osPage])
            {
                Record(holes, page, osPage);
            }
        }

        PageQueues.SetUsedBesideHoles(thread, region, page, used);
        return Discard(region, region->StartOf(page), doomed, count);
    }

    /// <summary>Returns the blocks of all holes of a page to its list.</summary>
    internal static void Fill(Region* region, Page* page)
    {
        byte* start = region->StartOf(page);
        Block* list = null, last = null;
        int count = 0;
        for (HoleRuns run = new(region, page); run.MoveNext();)
        {
            for (nuint index = run.First; index < run.End; index++)
            {
                Block* block = (Block*)(start + (index * page->BlockSize));
                block->Next = null;
                list = list == null ? block : list;
                if (last != null)
                {
                    last->Next = block;
                }

                last = block;
                count++;
            }
        }

        Clear(region, page);
        if (last != null)
        {
            last->Next = page->Free;
            page->Free = list;
            page->SetUsed(page->Used - count, page->Used - count);
        }
    }

    /// <summary>Erases the record of a page that is about to be freed, or has no blocks in holes.</summary>
    internal static void Clear(Region* region, Page* page)
    {
        SliceHoles* holes = region->Holes + region->SliceOf(page);
        for (nuint slice = 0; slice < page->Slices; slice++)
        {
            holes[slice].Purged = 0;
        }

        page->Purged = 0;
    }

    /// <summary>Derives the number of purged pages from the record, after the thread was killed.</summary>
    internal static void Recount(Region* region, Page* page)
    {
        SliceHoles* holes = region->Holes + region->SliceOf(page);
        page->Purged = 0;
        for (nuint slice = 0; slice < page->Slices; slice++)
        {
            page->Purged += (byte)BitOperations.PopCount(holes[slice].Purged);
        }
    }

    private static void Record(SliceHoles* holes, Page* page, nuint osPage)
    {
        holes[osPage / SliceHoles.PerSlice].Purged |= (ushort)(1 << (int)(osPage % SliceHoles.PerSlice));
        page->Purged++;
    }

    /// <summary>Marks the free blocks of a page, those in holes included.</summary>
    /// <returns>
    /// False if the list is broken: the program has freed a block twice, or written to a freed one.
    /// </returns>
    private static bool TryMarkFree(Region* region, Page* page, ulong* free)
    {
        Memory.Clear(free, MostBlocks / 8);
        byte* start = region->StartOf(page);
        for (Block* block = page->Free; block != null; block = block->Next)
        {
            nuint offset = (nuint)((byte*)block - start);
            nuint index = offset / page->BlockSize;
            if (index >= page->Extended || offset % page->BlockSize != 0 || IsMarked(free, index))
            {
                return false;
            }

            free[index / 64] |= 1ul << (int)(index % 64);
        }

        for (HoleRuns run = new(region, page); run.MoveNext();)
        {
            for (nuint index = run.First; index < run.End; index++)
            {
                free[index / 64] |= 1ul << (int)(index % 64);
            }
        }

        return true;
    }

    private static bool IsMarked(ulong* free, nuint index) =>
        (free[index / 64] >> (int)(index % 64) & 1) != 0;

    /// <summary>
    /// Determines whether a page of the operating system has free blocks only, or the rest after the last
    /// block.
    /// </summary>
    private static bool IsFree(Page* page, ulong* free, nuint osPage)
    {
        nuint size = page->BlockSize;
        nuint index = osPage * Os.PageSize / size;
        nuint end = (((osPage + 1) * Os.PageSize) + size - 1) / size;
        end = end < page->Capacity ? end : page->Capacity;
        while (index < end && index < page->Extended && IsMarked(free, index))
        {
            index++;
        }

        return index >= end;
    }

    /// <summary>Removes the blocks that touch doomed pages from the list; returns their number.</summary>
    private static int Unlink(Page* page, byte* start, bool* doomed)
    {
        int removed = 0;
        Block** link = &page->Free;
        while (*link != null)
        {
            Block* block = *link;
            nuint offset = (nuint)((byte*)block - start);
            nuint last = (offset + page->BlockSize - 1) / Os.PageSize;
            bool touches = false;
            for (nuint osPage = offset / Os.PageSize; osPage <= last; osPage++)
            {
                touches |= doomed[osPage];
            }

            if (touches)
            {
                *link = block->Next;
                removed++;
            }
            else
            {
                link = &block->Next;
            }
        }

        return removed;
    }

    /// <summary>Purges the doomed pages, with one call for each run.</summary>
    private static int Discard(Region* region, byte* start, bool* doomed, nuint count)
    {
        int calls = 0;
        for (nuint osPage = 0; osPage < count; osPage++)
        {
            nuint first = osPage;
            while (osPage < count && doomed[osPage])
            {
                osPage++;
            }

            if (osPage > first)
            {
                // If the system refuses, the memory stays, and the blocks return like all others.
                _ = PageSupply.TryPurge(
                    region->Supply, start + (first * Os.PageSize), (osPage - first) * Os.PageSize);
                calls++;
            }
        }

        return calls;
    }
}
