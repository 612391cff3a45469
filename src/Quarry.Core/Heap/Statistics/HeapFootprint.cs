namespace Quarry;

/// <summary>The memory of a heap by its use, and its blocks and pages by their sizes.</summary>
/// <remarks>
/// Like <see cref="HeapCensus"/>, computed from tables while other threads keep running: a number that
/// changes meanwhile has the value of some moment. The first three together are at most the bytes that are
/// backed by physical memory.
/// </remarks>
internal unsafe struct HeapFootprint
{
    /// <summary>The number of bytes of pages and mappings that hold blocks or are ready for blocks.</summary>
    public nuint UsedBytes;

    /// <summary>The number of freed bytes that have not been returned to the system yet.</summary>
    public nuint DirtyBytes;

    /// <summary>The number of bytes that the heap's own tables occupy.</summary>
    public nuint MetadataBytes;

    /// <summary>The number of bytes that were used once, and were returned to the system.</summary>
    public nuint RetainedBytes;

    /// <summary>The number of bytes in the free lists of threads.</summary>
    public nuint CachedBytes;

    /// <summary>The number of times that the free list of a thread was refilled.</summary>
    public nuint Fills;

    /// <summary>The number of times that a thread has returned a free list to its page.</summary>
    public nuint Flushes;

    /// <summary>The number of steps that have purged memory so far.</summary>
    public nuint PurgeSteps;

    /// <summary>The number of ranges that were purged so far.</summary>
    public nuint PurgeCalls;

    /// <summary>The number of bytes that were purged so far.</summary>
    public nuint PurgedBytes;

    /// <summary>Computes the footprint of a heap.</summary>
    /// <typeparam name="TSizes">The size classes of the heap.</typeparam>
    /// <param name="heap">The heap.</param>
    /// <param name="dirtyBytes">The number of dirty bytes, from the statistics.</param>
    /// <param name="pages">Receives the pages of each size class.</param>
    /// <param name="large">Receives the blocks of each of the <see cref="LargeSteps"/>.</param>
    internal static HeapFootprint Take<TSizes>(
        HeapState* heap, nuint dirtyBytes, PageStatistics* pages, LargeStepStatistics* large)
        where TSizes : ISizeSteps
    {
        HeapBackend* backend = &heap->Backend;
        for (int sizeClass = 0; sizeClass < SmallSizes<TSizes>.Count; sizeClass++)
        {
            pages[sizeClass] = new PageStatistics { Created = (nuint)heap->PagesCreated[sizeClass] };
        }

        for (int step = 0; step < LargeSteps.Count; step++)
        {
            // The frees first: each was an allocation before.
            nuint frees = backend->Large->FreesAt(step);
            large[step] = new LargeStepStatistics
            {
                Frees = frees,
                Allocations = backend->Large->AllocationsAt(step),
            };
        }

        nuint ever = 0;
        HeapFootprint result = new()
        {
            UsedBytes = backend->UsedBytes,
            DirtyBytes = dirtyBytes,
            MetadataBytes = backend->Metadata.CommittedBytes(),
            CachedBytes = HeapCensus.CachedBytes<TSizes>(heap),
            PurgeSteps = Atomic.Read(ref backend->Supply.PurgeSteps),
            PurgeCalls = Atomic.Read(ref backend->Supply.PurgeCalls),
            PurgedBytes = Atomic.Read(ref backend->Supply.PurgedBytes),
        };
        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            result.Fills += ThreadClock.RefillsOf(thread);
            result.Flushes += thread->Flushes;
        }

        for (Region* region = backend->First; region != null; region = region->Next)
        {
            nuint highWater = Atomic.Read(ref region->HighWater);
            ever += (highWater - region->FirstSlice) << Region.Log2Slice;
            result.MetadataBytes += Os.Resident(region->Base, region->FirstSlice << Region.Log2Slice);
            for (nuint slice = region->FirstSlice; slice < highWater; slice++)
            {
                Page* page = region->Pages + slice;
                if (page->IsSmall && page->Owner != null)
                {
                    pages[page->Class].Nonfull += PageHoles.InUse(region, page) < page->Capacity ? 1u : 0u;
                }
                else if (page->Kind == PageKind.Large)
                {
                    large[LargeSteps.IndexOf(page->BlockSize)].InUse++;
                }
            }
        }

        void* block = backend->PageMap.NextHuge(null, out nuint size);
        while (block != null)
        {
            ever += size;
            large[LargeSteps.IndexOf(size)].InUse++;
            block = backend->PageMap.NextHuge((byte*)block + Region.Alignment, out size);
        }

        HeapCensus.CountOutside(heap, large);
        nuint present = result.UsedBytes - Atomic.Read(ref backend->OutsideUsed) + result.DirtyBytes;
        result.RetainedBytes = ever > present ? ever - present : 0;
        return result;
    }

    /// <summary>Adds the footprint of another heap.</summary>
    internal void Add(in HeapFootprint other)
    {
        UsedBytes += other.UsedBytes;
        DirtyBytes += other.DirtyBytes;
        MetadataBytes += other.MetadataBytes;
        RetainedBytes += other.RetainedBytes;
        CachedBytes += other.CachedBytes;
        Fills += other.Fills;
        Flushes += other.Flushes;
        PurgeSteps += other.PurgeSteps;
        PurgeCalls += other.PurgeCalls;
        PurgedBytes += other.PurgedBytes;
    }
}
