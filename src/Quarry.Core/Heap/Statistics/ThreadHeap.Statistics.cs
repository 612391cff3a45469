namespace Quarry;

/// <summary>What a thread heap contributes to the figures.</summary>
internal unsafe partial struct ThreadHeap
{
    /// <summary>Adds the blocks that were taken from this thread heap.</summary>
    /// <remarks>
    /// What is still in a free list was not taken after all; the pages count it as used. Another thread's
    /// list may change while it is walked, but within its page, all of which can be read.
    /// </remarks>
    internal static void CountAllocations(ThreadHeap* thread, SizeClassStatistics* classes)
    {
        for (int sizeClass = 0; sizeClass < SizeClass.Count; sizeClass++)
        {
            nuint listed = ListLength(thread, sizeClass);
            nuint taken = Taken(thread)[sizeClass];
            classes[sizeClass].Allocations += taken > listed ? taken - listed : 0;
            classes[sizeClass].InUseBlocks -= listed;
        }
    }

    private static nuint ListLength(ThreadHeap* thread, int sizeClass)
    {
        Page* page = Current(thread)[sizeClass];
        if (page == null)
        {
            return 0;
        }

        byte* start = StartOf(thread, page);
        nuint end = SizeClass.SlicesOf(sizeClass) << Region.Log2Slice;
        nuint length = 0;
        for (Block* block = FreeLists(thread)[sizeClass]; length < page->Capacity; block = block->Next)
        {
            nuint offset = (nuint)((byte*)block - start);
            if (block == null || offset >= end || offset % Block.MinSize != 0)
            {
                break;
            }

            length++;
        }

        return length;
    }
}
