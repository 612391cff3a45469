namespace Quarry;

/// <summary>Computes the statistics of a heap by walking its tables.</summary>
/// <remarks>
/// Other threads keep running meanwhile. All memory that is read stays readable as long as the heap exists; a
/// number that changes during the walk has the value of some moment of the walk.
/// </remarks>
internal static unsafe partial class HeapCensus
{
    /// <summary>Computes the statistics of a heap.</summary>
    /// <typeparam name="TSizes">The size classes of the heap.</typeparam>
    /// <param name="heap">The heap.</param>
    /// <param name="classes">An array with one entry for each size class of the geometry.</param>
    internal static HeapStatistics Take<TSizes>(HeapState* heap, SizeClassStatistics* classes)
        where TSizes : ISizeSteps
    {
        HeapStatistics result = default;
        for (int sizeClass = 0; sizeClass < SmallSizes<TSizes>.Count; sizeClass++)
        {
            classes[sizeClass] = new SizeClassStatistics { BlockSize = SmallSizes<TSizes>.SizeOf(sizeClass) };
        }

        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            result.Threads += thread->ThreadId == 0 || thread->IsShared || thread->IsGuest ? 0u : 1u;
            CountThread(thread, classes);
        }

        HeapBackend* backend = &heap->Backend;
        for (Region* region = backend->First; region != null; region = region->Next)
        {
            CountPages(region, classes, ref result);
        }

        for (int sizeClass = 0; sizeClass < SmallSizes<TSizes>.Count; sizeClass++)
        {
            SizeClassStatistics* entry = &classes[sizeClass];
            result.Allocations += entry->Allocations;
            result.RequestedBytes += entry->Allocations * entry->BlockSize;

            // The list of a thread and the count of its page can be of different moments.
            entry->InUseBlocks = (nint)entry->InUseBlocks < 0 ? 0 : entry->InUseBlocks;
            result.InUseBlocks += entry->InUseBlocks;
            result.InUseBytes += entry->InUseBlocks * entry->BlockSize;
        }

        // In this order: each move was a free before, and each free an allocation, so no difference is
        // negative.
        nuint moves = Atomic.Read(ref backend->Large->Moves);
        nuint left = backend->Large->SumLeft();
        nuint entered = backend->Large->SumEntered();
        result.LargeAllocations = entered - moves;
        result.LargeInUseBlocks = entered - left;
        result.LargeInUseBytes = backend->Large->InUse;
        result.Allocations += result.LargeAllocations;
        result.RequestedBytes += backend->Large->Requested;
        result.InUseBlocks += result.LargeInUseBlocks;
        result.InUseBytes += result.LargeInUseBytes;
        result.UsedBytes = backend->UsedBytes;
        result.DirtyBytes += backend->KeptSlices() << Region.Log2Slice;
        result.PeakBytes = backend->PeakUsed;
        CountHuge(backend, ref result);
        CountOutside<TSizes>(heap, classes, ref result);
        return result;
    }

    /// <summary>Returns the number of bytes in the free lists of all threads.</summary>
    internal static nuint CachedBytes<TSizes>(HeapState* heap) where TSizes : ISizeSteps
    {
        nuint bytes = 0;
        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            for (int sizeClass = 0; sizeClass < heap->ClassCount; sizeClass++)
            {
                bytes += ListLength(thread, sizeClass) * SmallSizes<TSizes>.SizeOf(sizeClass);
            }
        }

        return bytes;
    }

    /// <summary>
    /// Returns the number of bytes ever allocated, of the blocks that threads hold in their lists as well:
    /// less than a census, for callers that ask often.
    /// </summary>
    internal static nuint AllocatedBytes<TSizes>(HeapState* heap) where TSizes : ISizeSteps
    {
        nuint bytes = heap->Backend.Large->Requested;
        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            for (int sizeClass = 0; sizeClass < heap->ClassCount; sizeClass++)
            {
                bytes += ThreadHeap.Listed(thread)[sizeClass] * SmallSizes<TSizes>.SizeOf(sizeClass);
            }
        }

        return bytes + OutsideBytes(heap);
    }

    // Blocks in a thread's free list are not allocated, although their pages count them as used.
    private static void CountThread(ThreadHeap* thread, SizeClassStatistics* classes)
    {
        for (int sizeClass = 0; sizeClass < thread->Heap->ClassCount; sizeClass++)
        {
            nuint free = ListLength(thread, sizeClass);
            nuint listed = ThreadHeap.Listed(thread)[sizeClass];
            classes[sizeClass].Allocations += listed > free ? listed - free : 0;
            classes[sizeClass].InUseBlocks -= free;
        }
    }

    // The list of another thread may change during the walk, and lead through a block that the program has
    // written to. The walk ends at the first address outside the page.
    private static nuint ListLength(ThreadHeap* thread, int sizeClass)
    {
        Page* page = ThreadHeap.Current(thread)[sizeClass];
        Region* region = page == null ? null : thread->Heap->Backend.RegionOf(page);
        if (region == null)
        {
            return 0;
        }

        byte* start = region->StartOf(page);
        nuint bytes = (nuint)page->Slices << Region.Log2Slice;
        nuint length = 0;
        Block* block = ThreadHeap.FreeLists(thread)[sizeClass];
        for (; length < page->Capacity; block = block->Next)
        {
            nuint offset = (nuint)((byte*)block - start);
            if (block == null || offset >= bytes || offset % Block.MinAlignment != 0)
            {
                break;
            }

            length++;
        }

        return length;
    }

    private static void CountPages(Region* region, SizeClassStatistics* classes, ref HeapStatistics result)
    {
        nuint highWater = Atomic.Read(ref region->HighWater);
        for (nuint slice = region->FirstSlice; slice < highWater; slice++)
        {
            Page* page = region->Pages + slice;
            if (page->IsSmall && page->Owner != null)
            {
                classes[page->Class].Pages++;
                classes[page->Class].InUseBlocks += (nuint)PageHoles.InUse(region, page);
            }
        }

        result.DirtyBytes += region->DirtySlices() << Region.Log2Slice;
        result.CommittedBytes += (region->Committed - region->FirstSlice) << Region.Log2Slice;
        result.MappedBytes += region->Size;
        result.ResidentBytes += Os.Resident(
            region->AddressOf(region->FirstSlice), (highWater - region->FirstSlice) << Region.Log2Slice);
    }

    private static void CountHuge(HeapBackend* backend, ref HeapStatistics result)
    {
        void* block = backend->PageMap.NextHuge(null, out nuint size);
        while (block != null)
        {
            result.CommittedBytes += size;
            result.MappedBytes += size;
            result.ResidentBytes += Os.Resident(block, size);
            block = backend->PageMap.NextHuge((byte*)block + Region.Alignment, out size);
        }
    }
}
