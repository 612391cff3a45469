using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Adds and releases regions.</content>
internal unsafe partial struct HeapBackend
{
    /// <summary>Adds a region that can serve a request.</summary>
    /// <returns>
    /// The region; null if there is no address space, or the request exceeds half the size of a region.
    /// </returns>
    internal static Region* TryAddRegion(HeapBackend* backend, nuint count, nuint alignment)
    {
        nuint needed = (count << Region.Log2Slice) + (alignment > Region.SliceSize ? alignment : 0);
        nuint first = backend->RegionSize;
        nuint size = first;
        for (; size >= Region.MinSize && size / 2 > needed; size = NextSmaller(size))
        {
            Region* region = Region.TryCreate(
                &backend->Supply, size, Region.Alignment, 0, PageMap.LeafBytesFor(size), out void* leaves);
            if (region != null && !PageMap.Covers(region->Base, size))
            {
                region->Release();
                return null;
            }

            if (region != null)
            {
                nuint entry = (nuint)region | PageMap.RegionTag;
                backend->PageMap.SetRange(region->Base, size, entry, (byte*)leaves);
                Append(backend, region);
                if (size * 2 <= backend->RegionLimit)
                {
                    // Fails if the size was changed since it was read: by another thread that has added a
                    // region, or to a small one for a source whose ranges cost memory.
                    _ = Atomic.TryReplace(ref backend->RegionSize, first, size * 2);
                }

                return region;
            }
        }

        return null;
    }

    /// <summary>
    /// Releases every mapping to the page source, including the memory that holds the back end.
    /// </summary>
    internal static void Release(HeapBackend* backend)
    {
        PageSource source = backend->Supply.Source;
        void* block = backend->PageMap.NextHuge(null, out nuint size);
        while (block != null)
        {
            _ = HugeBlocks.TryFree(backend, block);
            block = backend->PageMap.NextHuge(block, out size);
        }

        MetadataPool.Release(&backend->Metadata);

        // The first region holds the back end, with the list of regions, and is therefore released last.
        Region* first = backend->First;
        Region* region = first->Next;
        while (region != null)
        {
            Region* next = region->Next;
            source.Release(source.State, region->Base, region->Size);
            region = next;
        }

        source.Release(source.State, first->Base, first->Size);
    }

    private static nuint NextSmaller(nuint size) => Layout.AlignDown(size / 2, Region.Alignment);

    private static void Append(HeapBackend* backend, Region* region)
    {
        Region* last = backend->First;
        for (; ; )
        {
            nuint next = Atomic.Read(ref *(nuint*)&last->Next);
            if (next == 0 && Atomic.TryReplace(ref *(nuint*)&last->Next, 0, (nuint)region))
            {
                return;
            }

            last = next == 0 ? last : (Region*)next;
        }
    }

    // Only blocks of the primary region are freed on the fast path, so it should be the region with the most
    // slices in use. A region whose high-water mark exceeds the size of the primary region is larger.
    // Out of line, so that memory-order.arm64.txt can list its ordering instructions.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReplacePrimary(HeapBackend* backend, Region* region)
    {
        nuint primary = Atomic.Read(ref *(nuint*)&backend->Primary);
        while (Atomic.Read(ref region->HighWater) > ((Region*)primary)->SliceCount)
        {
            if (Atomic.TryReplace(ref *(nuint*)&backend->Primary, primary, (nuint)region))
            {
                // After the region: a thread that reads the new version also reads the new region. Pairs with
                // ThreadLifetime.Update.
                _ = Atomic.Add(ref backend->Version, 1);
                return;
            }

            primary = Atomic.Read(ref *(nuint*)&backend->Primary);
        }
    }
}
