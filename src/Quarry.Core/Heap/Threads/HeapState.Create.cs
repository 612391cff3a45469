namespace Quarry;

/// <content>Creates and destroys heaps.</content>
internal unsafe partial struct HeapState
{
    // Small enough that a process that lowers its own limit on address space, or locks its memory, is not
    // charged for memory that it does not use. A heap that outgrows the first region adds one of full size.
    private const nuint FirstRegionSize = (nuint)1 << 30;

    // Space for the first thread heap, including its alignment.
    private const nuint SpareBytes = 2 * ThreadHeap.Bytes;

    /// <summary>Creates a heap; returns null if not even a small region can be created.</summary>
    /// <typeparam name="TSizes">The size classes: multiples of 16 up to 64 KiB.</typeparam>
    internal static HeapState* TryCreate<TSizes>(HeapOptions* options) where TSizes : ISizeSteps
    {
        PageSource source = options->PageSource;
        bool growing = source.ReservesAddressSpace;
        nuint regionSize = Layout.AlignDown(options->ReserveBytes, Region.SliceSize);
        if (growing)
        {
            // Under a limit on address space the heap grows in small regions, to leave space for stacks.
            nuint share = Layout.AlignDown(Os.AddressSpaceLimit() / 8, Region.MinSize);
            share = share < Region.MinSize ? Region.MinSize : share;
            regionSize = regionSize < share ? regionSize : share;
        }

        nuint first = growing && regionSize > FirstRegionSize ? FirstRegionSize : regionSize;
        nuint header = (nuint)sizeof(HeapState);
        nuint counters = Layout.AlignUp((nuint)sizeof(LargeCounters), MetadataPool.LineSize);
        nuint spareBytes = SpareBytes + counters + PageMap.RootBytes;
        nuint alignment = growing ? Region.Alignment : Region.SliceSize;
        PageSupply supply = new() { Source = source };
        for (nuint size = first; size >= Region.SliceSize; size = NextSmaller(size, first))
        {
            Region* region = Region.TryCreate(
                &supply, size, alignment, header, spareBytes, out void* spare);
            if (region == null)
            {
                continue;
            }

            HeapState* heap = (HeapState*)(region->Base + Region.GuardSize(&source));
            HeapBackend* backend = &heap->Backend;
            backend->Supply.Source = source;
            region->Supply = &backend->Supply;
            backend->First = region;
            backend->Primary = region;
            backend->Large = (LargeCounters*)((byte*)spare + SpareBytes);
            backend->PageMap.Root = (nuint*)((byte*)spare + SpareBytes + counters);
            backend->Metadata.Start(backend, spare, SpareBytes);
            backend->RegionSize = growing && size == first ? regionSize : size;
            backend->RegionSize = growing && backend->RegionSize < Region.MinSize
                ? Region.MinSize
                : backend->RegionSize;
            backend->Limit = options->LimitBytes;
            backend->DecayMilliseconds = options->DecayMilliseconds;
            backend->VariesLines = options->VariesLines;
            backend->PurgeFrom = nuint.MaxValue;
            heap->OversizeFrom = nuint.MaxValue;
            heap->OnExhausted = options->OnExhausted;
            heap->OnExhaustedState = options->OnExhaustedState;
            heap->OnForeign = options->OnForeign;
            heap->OnDoubleFree = options->OnDoubleFree;
            heap->CheckInterval = options->CheckInterval;
            heap->ProgressPaths = ThreadClock.MostPaths;
            heap->Fill = options->Fill;
            heap->Guards = options->Guards;
            heap->Isolated = options->Isolated;
            heap->Watched = heap->Fill != HeapFill.None ? WatchedByFill : 0;
            if (heap->Fill != HeapFill.None || heap->Guards != null)
            {
                // Each thread follows at its first slow path, which is its first call.
                backend->Version = 1;
            }

            if (heap->Guards != null)
            {
                SampleDraw.Seed(heap);
            }

            heap->ProcessId = Os.ProcessId();
            FillClassTable<TSizes>(heap);
            return heap;
        }

        return null;
    }

    /// <summary>Releases all memory of a heap, including the heap's own state.</summary>
    internal static void Destroy(HeapState* heap) => HeapBackend.Release(&heap->Backend);

    // A fixed range that is not aligned to a slice holds one slice less than its size, so that size is tried
    // next. After that, the size is halved.
    private static nuint NextSmaller(nuint size, nuint largest) =>
        size == largest ? size - Region.SliceSize : Layout.AlignDown(size / 2, Region.SliceSize);

    private static void FillClassTable<TSizes>(HeapState* heap) where TSizes : ISizeSteps
    {
        heap->ClassCount = SmallSizes<TSizes>.Count;
        nuint first = 0;
        for (int sizeClass = 0; first <= ThreadHeap.MaxTableSize; sizeClass++)
        {
            nuint last = SmallSizes<TSizes>.SizeOf(sizeClass);
            last = last < ThreadHeap.MaxTableSize ? last : ThreadHeap.MaxTableSize;
            Memory.Fill(heap->ClassTable + first, last + 1 - first, (byte)sizeClass);
            first = last + 1;
        }

        heap->ClassTable[ThreadHeap.TableLength - 1] = ThreadHeap.NoClass;
    }
}
