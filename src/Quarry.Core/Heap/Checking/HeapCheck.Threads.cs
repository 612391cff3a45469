using System;

namespace Quarry;

/// <content>Checks the lists, pages and remote cache of one thread.</content>
internal static unsafe partial class HeapCheck
{
    /// <summary>Returns a description of the first violated invariant; empty if there is none.</summary>
    internal static ReadOnlySpan<byte> FirstFault(ThreadHeap* thread)
    {
        if (ThreadHeap.FreeLists(thread)[ThreadHeap.NoClass] != null)
        {
            return "the list for sizes without a class is not empty\n"u8;
        }

        ReadOnlySpan<byte> fault = default;
        for (int sizeClass = 0; sizeClass < thread->Heap->ClassCount && fault.IsEmpty; sizeClass++)
        {
            fault = CheckCurrent(thread, sizeClass);
            fault = fault.IsEmpty ? CheckAvailable(thread, sizeClass) : fault;
        }

        if (thread->Chooses != ((thread->SampleInterval | thread->GuardInterval) != 0))
        {
            return "a thread does not follow its intervals\n"u8;
        }

        if (thread->HasListLimits && !thread->Restricted)
        {
            return "a thread with limits of its lists refills without them\n"u8;
        }

        return fault.IsEmpty ? CheckRemoteCache(thread) : fault;
    }

    private static ReadOnlySpan<byte> CheckCurrent(ThreadHeap* thread, int sizeClass)
    {
        Page* page = ThreadHeap.Current(thread)[sizeClass];
        Block* list = ThreadHeap.FreeLists(thread)[sizeClass];
        if (page == null)
        {
            return list != null ? "a free list has blocks, but no current page\n"u8 : default;
        }

        if (page->Owner != thread || page->Class != sizeClass || page->Place != PagePlace.Current)
        {
            return "the current page is another thread's, of another class, or kept elsewhere\n"u8;
        }

        int length = Length(thread->Heap, page, list);
        return length < 0 ? "a free list leaves its page, or does not end\n"u8
            : length > page->Used ? "a free list is longer than its page's count of used blocks\n"u8
            : CheckPage(thread->Heap, page);
    }

    private static ReadOnlySpan<byte> CheckAvailable(ThreadHeap* thread, int sizeClass)
    {
        Page* previous = null;
        Page* page = ThreadHeap.Available(thread)[sizeClass];
        for (; page != null; page = page->Next)
        {
            if (page->Previous != previous)
            {
                return "an available page has a wrong neighbour\n"u8;
            }

            if (page->Owner != thread || page->Class != sizeClass || page->Place != PagePlace.Available)
            {
                return "an available page is another thread's, of another class, or kept elsewhere\n"u8;
            }

            Region* region = thread->Heap->Backend.RegionOf(page);
            if (PageHoles.InUse(region, page) == 0
                || (page->Free == null && page->Extended == page->Capacity && page->Purged == 0))
            {
                return "an available page is empty, or has no free block\n"u8;
            }

            ReadOnlySpan<byte> fault = CheckPage(thread->Heap, page);
            if (!fault.IsEmpty)
            {
                return fault;
            }

            previous = page;
        }

        return default;
    }

    private static ReadOnlySpan<byte> CheckRemoteCache(ThreadHeap* thread)
    {
        int used = 0;
        for (int slot = 0; slot < RemoteCache.Slots; slot++)
        {
            RemoteChain* chain = &ThreadHeap.RemoteCache(thread)[slot];
            if (chain->Page == null)
            {
                continue;
            }

            used++;
            if (Length(thread->Heap, chain->Page, chain->Head) != chain->Count)
            {
                return "a chain of the remote cache has another length than its count\n"u8;
            }
        }

        return used != thread->RemoteCacheUsed ? "the remote cache counts its chains wrongly\n"u8 : default;
    }

    /// <summary>Checks the counts and the list of one page.</summary>
    private static ReadOnlySpan<byte> CheckPage(HeapState* heap, Page* page)
    {
        if (!page->IsSmall || page->Slices == 0)
        {
            return "a page in a queue is no page of small blocks\n"u8;
        }

        bool sampled = ((ThreadHeap*)page->Owner)->Samples;
        if (sampled != (page->Kind == PageKind.Sampled))
        {
            return "a sampled page belongs to a thread, or another page to the sampled ones\n"u8;
        }

        nuint bytes = (nuint)page->Slices << Region.Log2Slice;
        nuint blockBytes = page->BlockSize + (sampled ? SampleRecords.Bytes : 0);
        if (page->Capacity != bytes / blockBytes || page->Extended > page->Capacity)
        {
            return "a page has room for another number of blocks, or more than it has room for\n"u8;
        }

        return Length(heap, page, page->Free) != page->Extended - page->Used
            ? "the list of a page has another length than its counts\n"u8
            : !HasValidHoles(heap, page) ? "a page has holes that it should not have\n"u8
            : sampled ? CheckRecords(heap, page)
            : default;
    }

    /// <summary>
    /// Determines whether a page is available if it has holes, and no block of its list lies in one.
    /// </summary>
    private static bool HasValidHoles(HeapState* heap, Page* page)
    {
        Region* region = heap->Backend.RegionOf(page);
        int count = page->Purged;
        for (nuint osPage = 0; osPage < (nuint)page->Slices * SliceHoles.PerSlice; osPage++)
        {
            count -= SliceHoles.IsPurged(region->Holes + region->SliceOf(page), osPage) ? 1 : 0;
        }

        for (Block* block = page->Free; block != null && page->Purged != 0; block = block->Next)
        {
            nuint index = (nuint)((byte*)block - region->StartOf(page)) / page->BlockSize;
            for (HoleRuns run = new(region, page); run.MoveNext();)
            {
                count += index >= run.First && index < run.End ? 1 : 0;
            }
        }

        return count == 0 && (page->Purged == 0 || page->Place == PagePlace.Available);
    }

    private static ReadOnlySpan<byte> CheckRecords(HeapState* heap, Page* page)
    {
        Region* region = heap->Backend.RegionOf(page);
        for (Block* block = page->Free; block != null; block = block->Next)
        {
            if (*SampleRecords.OfSmall(region, page, block) != 0)
            {
                return "a free block has a record\n"u8;
            }
        }

        return default;
    }

    /// <summary>
    /// Returns the length of a list of blocks of a page; -1 if it leaves the page or does not end.
    /// </summary>
    private static int Length(HeapState* heap, Page* page, Block* list)
    {
        byte* start = heap->Backend.RegionOf(page)->StartOf(page);
        nuint end = page->Extended * page->BlockSize;
        int length = 0;
        for (Block* block = list; block != null; block = block->Next)
        {
            nuint offset = (nuint)((byte*)block - start);
            if (offset >= end || offset % page->BlockSize != 0 || ++length > page->Capacity)
            {
                return -1;
            }
        }

        return length;
    }
}
