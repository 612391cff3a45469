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
    /// <param name="nonfull">For each size class, receives the number of pages with a free block.</param>
    /// <param name="large">
    /// For each step of the geometry after the size classes, receives the number of large and huge blocks of
    /// at most that size.
    /// </param>
    /// <param name="largeCount">The number of those steps.</param>
    internal static HeapFootprint Take<TSizes>(
        HeapState* heap, nuint dirtyBytes, nuint* nonfull, nuint* large, int largeCount)
        where TSizes : ISizeSteps
    {
        HeapBackend* backend = &heap->Backend;
        Memory.Clear(nonfull, (nuint)SmallSizes<TSizes>.Count * (nuint)sizeof(nuint));
        Memory.Clear(large, (nuint)largeCount * (nuint)sizeof(nuint));
        nuint ever = 0;
        HeapFootprint result = new()
        {
            UsedBytes = Atomic.Read(ref backend->Used),
            DirtyBytes = dirtyBytes,
            MetadataBytes = backend->Metadata.CommittedBytes(),
            CachedBytes = HeapCensus.CachedBytes<TSizes>(heap),
            PurgeSteps = Atomic.Read(ref backend->Supply.PurgeSteps),
            PurgeCalls = Atomic.Read(ref backend->Supply.PurgeCalls),
            PurgedBytes = Atomic.Read(ref backend->Supply.PurgedBytes),
        };
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
                    nonfull[page->Class] += page->Used < page->Capacity ? 1u : 0u;
                }
                else if (page->Kind == PageKind.Large)
                {
                    CountLarge<TSizes>(page->BlockSize, large, largeCount);
                }
            }
        }

        void* block = backend->PageMap.NextHuge(null, out nuint size);
        while (block != null)
        {
            ever += size;
            CountLarge<TSizes>(size, large, largeCount);
            block = backend->PageMap.NextHuge((byte*)block + Region.Alignment, out size);
        }

        nuint present = result.UsedBytes + result.DirtyBytes;
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
        PurgeSteps += other.PurgeSteps;
        PurgeCalls += other.PurgeCalls;
        PurgedBytes += other.PurgedBytes;
    }

    private static void CountLarge<TSizes>(nuint size, nuint* large, int largeCount) where TSizes : ISizeSteps
    {
        nuint index = TSizes.IndexOf(size) - (nuint)SmallSizes<TSizes>.Count;
        if (index < (nuint)largeCount)
        {
            large[index]++;
        }
    }
}
