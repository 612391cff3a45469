namespace Quarry;

/// <summary>The beginning and the end of a heap.</summary>
internal unsafe partial struct HeapState
{
    // Room for the first thread heap behind the tables, see ThreadHeap.Create.
    private const nuint SpareBytes = (3 * ThreadHeap.Bytes) + 64;

    /// <summary>Makes a heap; null if not even a small region can be had.</summary>
    internal static HeapState* TryCreate(HeapOptions* options)
    {
        PageSource source = options->Pages;
        nuint largest = Layout.AlignDown(options->ReserveBytes, Region.SliceSize);
        if (source.ReservesAddressSpace)
        {
            // Under a limit on address space the heap grows in small regions: threads' stacks need room as
            // well.
            nuint share = Layout.AlignDown(Os.AddressSpaceLimit() / 8, Region.MinSize);
            share = share < Region.MinSize ? Region.MinSize : share;
            largest = largest < share ? largest : share;
        }

        nuint header = Layout.AlignUp((nuint)sizeof(HeapState), 64);
        nuint alignment = source.ReservesAddressSpace ? Region.Alignment : Region.SliceSize;
        for (nuint size = largest; size >= Region.SliceSize; size = NextSmaller(size, largest))
        {
            Region* region = Region.TryCreate(
                &source, size, alignment, header + PageMap.RootBytes, SpareBytes, out void* spare);
            if (region == null)
            {
                continue;
            }

            HeapState* heap = (HeapState*)region->Base;
            region->Heap = heap;
            heap->Pages = source;
            heap->First = region;
            heap->PageMap.Root = (nuint*)((byte*)heap + header);
            heap->Metadata.Start(spare, SpareBytes);
            heap->RegionSize = source.ReservesAddressSpace && size < Region.MinSize ? Region.MinSize : size;
            heap->Limit = options->LimitBytes;
            heap->OnExhausted = options->OnExhausted;
            heap->OnExhaustedState = options->OnExhaustedState;
            heap->OnForeign = options->OnForeign;
            heap->DecayMilliseconds = options->DecayMilliseconds;
            heap->ProcessId = Os.ProcessId();
            return heap;
        }

        return null;
    }

    // A range that is not aligned to a slice holds one less than its size says; what cannot hold that
    // either may be of any size.
    private static nuint NextSmaller(nuint size, nuint largest) =>
        size == largest ? size - Region.SliceSize : Layout.AlignDown(size / 2, Region.SliceSize);

    /// <summary>Gives everything back to the system: every block, every table, every mapping.</summary>
    internal static void Destroy(HeapState* heap)
    {
        void* block = heap->PageMap.NextMapped(null, out nuint size);
        while (block != null)
        {
            _ = HugeBlocks.TryFree(heap, block);
            block = heap->PageMap.NextMapped(block, out size);
        }

        // The source and the list live in the first region, which therefore goes last.
        PageSource source = heap->Pages;
        Region* region = heap->First->Next;
        while (region != null)
        {
            Region* next = region->Next;
            source.Release(source.State, region->Base, region->Size);
            region = next;
        }

        source.Release(source.State, heap, heap->First->Size);
    }
}
