namespace Quarry;

/// <content>Frees all blocks of a heap at once.</content>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    // A page of one slice with the smallest blocks has the most.
    private const int MostBlocks = (int)(Region.SliceSize / Block.MinSize);

    /// <summary>
    /// Frees all blocks of a heap, in use or not, and keeps its thread heaps and their users.
    /// </summary>
    /// <remarks>
    /// No other thread may use the heap meanwhile. The blocks in use are reported to the sampler and to the
    /// observer.
    /// </remarks>
    internal static void Reset(HeapState* heap)
    {
        if (heap->Observer != null)
        {
            ReturnRemote(heap);
        }

        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            Discard(thread);
        }

        for (Region* region = heap->Backend.First; region != null; region = region->Next)
        {
            for (nuint slice = region->FirstSlice; slice < region->HighWater; slice++)
            {
                Page* page = region->Pages + slice;
                if (page->IsSmall && page->Owner != null)
                {
                    FreePage(heap, region, page);
                }
                else if (page->Kind == PageKind.Large)
                {
                    FreeLargeBlock(heap, region, page, LargeBlocks.StartOf(region, page));
                }
            }
        }

        void* block = heap->Backend.PageMap.NextHuge(null, out nuint size);
        while (block != null)
        {
            FreeLargeBlock(heap, null, null, block);
            block = heap->Backend.PageMap.NextHuge((byte*)block + Region.Alignment, out size);
        }
    }

    /// <summary>Removes all blocks and pages from a thread heap.</summary>
    private static void Discard(ThreadHeap* thread)
    {
        Atomic.Write(ref thread->RemoteQueue, 0);
        Memory.Clear(
            ThreadHeap.RemoteCache(thread), (nuint)(RemoteCache.Slots * sizeof(RemoteChain)));
        thread->RemoteCacheUsed = 0;
        for (int sizeClass = 0; sizeClass < thread->Heap->ClassCount; sizeClass++)
        {
            // The blocks of the list were not allocated, so they must not count as freed.
            PageQueues.ReturnList(thread, sizeClass);
            ThreadHeap.Current(thread)[sizeClass] = null;
            ThreadHeap.Available(thread)[sizeClass] = null;
        }

        thread->IdlePage = null;
    }

    /// <summary>
    /// Returns all blocks that are on their way to another thread, so that they are in the lists of their
    /// pages: their frees were reported already.
    /// </summary>
    private static void ReturnRemote(HeapState* heap)
    {
        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            RemoteCache.Flush(thread);
        }

        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            RemoteQueue.Drain(thread);
        }
    }

    /// <summary>Reports the blocks of a page that are in use to the observer.</summary>
    private static void ReportFreed(HeapState* heap, Region* region, Page* page)
    {
        HeapObserver* observer = heap->Observer;
        nuint size = page->BlockSize;
        byte* start = region->StartOf(page);
        ulong* free = stackalloc ulong[MostBlocks / 64];
        Memory.Clear(free, MostBlocks / 8);
        int count = 0;
        for (Block* block = page->Free; block != null && count < page->Capacity; block = block->Next)
        {
            // A program that writes to a freed block can overwrite the link.
            nuint index = (nuint)((byte*)block - start) / size;
            if (index >= page->Capacity)
            {
                break;
            }

            free[index / 64] |= 1ul << (int)(index % 64);
            count++;
        }

        for (nuint index = 0; index < page->Extended; index++)
        {
            if ((free[index / 64] >> (int)(index % 64) & 1) == 0)
            {
                observer->Freed(observer, start + (index * size), size);
            }
        }
    }

    private static void FreePage(HeapState* heap, Region* region, Page* page)
    {
        if (heap->Observer != null)
        {
            PageHoles.Fill(region, page);
            ReportFreed(heap, region, page);
        }

        if (page->Kind == PageKind.Sampled)
        {
            byte* start = region->StartOf(page);
            for (nuint index = 0; index < page->Extended; index++)
            {
                Block* block = (Block*)(start + (index * page->BlockSize));
                _ = Forget(heap, SampleRecords.OfSmall(region, page, block));
            }
        }

        page->SetUsed(0, 0);
        PageQueues.Free(heap, page);
    }

    private static void FreeLargeBlock(HeapState* heap, Region* region, Page* page, void* address)
    {
        if (heap->Observer != null)
        {
            heap->Observer->Freed(
                heap->Observer, address, LargeBlocks.SizeOf(&heap->Backend, region, page, address));
        }

        if (heap->Sampler != null)
        {
            _ = Forget(heap, SampleRecords.OfLarge(&heap->Backend, page, address));
        }

        _ = LargeBlocks.TryFree(&heap->Backend, region, page, address);
    }
}
