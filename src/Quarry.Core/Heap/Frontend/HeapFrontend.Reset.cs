namespace Quarry;

/// <content>Frees all blocks of a heap at once.</content>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    /// <summary>
    /// Frees all blocks of a heap, in use or not, and keeps its thread heaps and their users.
    /// </summary>
    /// <remarks>
    /// No other thread may use the heap meanwhile. The sampler learns of its blocks, an observer does not.
    /// </remarks>
    internal static void Reset(HeapState* heap)
    {
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
                    FreeUnreported(heap, region, page, region->StartOf(page));
                }
            }
        }

        void* block = heap->Backend.PageMap.NextHuge(null, out nuint size);
        while (block != null)
        {
            FreeUnreported(heap, null, null, block);
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
    }

    private static void FreePage(HeapState* heap, Region* region, Page* page)
    {
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

    private static void FreeUnreported(HeapState* heap, Region* region, Page* page, void* address)
    {
        if (heap->Sampler != null)
        {
            _ = Forget(heap, SampleRecords.OfLarge(&heap->Backend, page, address));
        }

        _ = LargeBlocks.TryFree(&heap->Backend, region, page, address);
    }
}
