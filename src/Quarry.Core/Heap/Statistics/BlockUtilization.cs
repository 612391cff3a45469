namespace Quarry;

/// <summary>How much of the page of a block is used, for programs that move blocks out of sparse pages.
/// </summary>
/// <remarks>Blocks in the free lists of threads count as used.</remarks>
internal unsafe struct BlockUtilization
{
    /// <summary>The first byte of the page from which the owner of the block's page allocates.</summary>
    public void* Current;

    /// <summary>The number of free blocks of the page.</summary>
    public nuint Free;

    /// <summary>The number of blocks of the page; 1 for a large block, 0 if the address is in no block.
    /// </summary>
    public nuint Blocks;

    /// <summary>The size of the page, or of the large block, in bytes.</summary>
    public nuint Bytes;

    /// <summary>The number of free blocks of all pages of the class.</summary>
    public nuint ClassFree;

    /// <summary>The number of blocks of all pages of the class.</summary>
    public nuint ClassBlocks;

    /// <summary>Returns the utilization of the page of an address.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="address">Any address.</param>
    /// <param name="ofClass">Whether the pages of the class are counted, too.</param>
    internal static BlockUtilization Of(HeapState* heap, void* address, bool ofClass)
    {
        BlockUtilization result = default;
        HeapBackend* backend = &heap->Backend;
        Page* page = backend->Find(address, out Region* region);
        if (page == null || !page->IsSmall)
        {
            result.Bytes = LargeBlocks.SizeOf(backend, region, page, address);
            result.Blocks = result.Bytes == 0 ? 0u : 1u;
            return result;
        }

        ThreadHeap* owner = (ThreadHeap*)Atomic.Read(ref *(nuint*)&page->Owner);
        if (owner == null)
        {
            return result;
        }

        Page* current = ThreadHeap.Current(owner)[page->Class];
        Region* currentRegion = current == null ? null : backend->RegionOf(current);
        result.Current = currentRegion == null ? null : currentRegion->StartOf(current);
        result.Blocks = page->Capacity;
        result.Free = FreeOf(region, page);
        result.Bytes = (nuint)page->Slices << Region.Log2Slice;
        if (ofClass)
        {
            result.CountClass(backend, page->Class);
        }

        return result;
    }

    // The two numbers can be of different moments.
    private static nuint FreeOf(Region* region, Page* page)
    {
        int inUse = PageHoles.InUse(region, page);
        return inUse < page->Capacity ? (nuint)(page->Capacity - inUse) : 0;
    }

    private void CountClass(HeapBackend* backend, int sizeClass)
    {
        for (Region* region = backend->First; region != null; region = region->Next)
        {
            nuint highWater = Atomic.Read(ref region->HighWater);
            for (nuint slice = region->FirstSlice; slice < highWater; slice++)
            {
                Page* page = region->Pages + slice;
                if (page->IsSmall && page->Owner != null && page->Class == sizeClass)
                {
                    ClassFree += FreeOf(region, page);
                    ClassBlocks += page->Capacity;
                }
            }
        }
    }
}
