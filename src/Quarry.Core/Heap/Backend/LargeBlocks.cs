using System.Threading;

namespace Quarry;

/// <summary>Blocks that are larger than a size class: whole slices, or a mapping of their own.</summary>
/// <remarks>
/// Slices that are freed stay backed for the decay time, so blocks of many megabytes that come and go cost
/// no system call and no page fault. A mapping of its own is for what no region can serve, and for blocks
/// that keep growing.
/// </remarks>
internal static unsafe class LargeBlocks
{
    // A quarter of what a program can address; sums of sizes and alignments below it do not wrap.
    private static nuint MaxAlignment => (nuint)1 << 45;

    // From here on clearing by giving the pages back and faulting zeroed ones in again is no slower than
    // writing zeros, and what is never touched stays unbacked.
    private const nuint DiscardToClear = 2 * 1024 * 1024;

    /// <summary>Takes a block; null if there is no memory.</summary>
    /// <param name="heap">Where from.</param>
    /// <param name="size">Its size in bytes, of any value.</param>
    /// <param name="alignment">A power of two.</param>
    /// <param name="zero">Whether it has to read as zeros.</param>
    internal static void* Allocate(HeapState* heap, nuint size, nuint alignment, bool zero)
    {
        bool sane = alignment <= MaxAlignment && size <= Layout.MaxSize - MaxAlignment - Region.Alignment;
        void* block;
        do
        {
            block = sane ? TryAllocate(heap, size, alignment, zero) : null;
        }
        while (block == null && heap->Exhausted(size, alignment));

        return block;
    }

    /// <summary>Gives a block back, unless the address is not that of a large block.</summary>
    internal static bool TryFree(HeapState* heap, Region* region, Page* page, void* address)
    {
        if (page == null)
        {
            return region == null && HugeBlocks.TryFree(heap, address);
        }

        if (page->Kind != PageKind.Large || region->StartOf(page) != address)
        {
            return false;
        }

        // Of two threads that free the same block only one finds the count.
        uint slices = Atomic.Exchange(ref page->Slices, 0);
        if (slices == 0)
        {
            return false;
        }

        page->Kind = PageKind.None;
        heap->Large.Gave(page->BlockSize);
        heap->Give(region, region->SliceOf(page), slices);
        return true;
    }

    /// <summary>Changes the size of a block of slices where it lies.</summary>
    internal static bool TryResize(HeapState* heap, Region* region, Page* page, nuint size)
    {
        nuint usable = UsableFor(size);
        nuint needed = SlicesFor(usable);
        nuint slice = region->SliceOf(page);
        if (needed > page->Slices)
        {
            nuint more = needed - page->Slices;
            if (!heap->TryCharge(more << Region.Log2Slice))
            {
                return false;
            }

            if (!region->TryTakeAt(slice + page->Slices, more))
            {
                heap->Uncharge(more << Region.Log2Slice);
                return false;
            }
        }
        // The new count first: if we are killed, freeing the block must not give back what is somebody
        // else's by then.
        nuint surplus = needed < page->Slices ? page->Slices - needed : 0;
        heap->Large.Resized(page->BlockSize, usable);
        Volatile.Write(ref page->Slices, (uint)needed);
        page->BlockSize = usable;
        if (surplus != 0)
        {
            heap->Give(region, slice + needed, surplus);
        }
        else
        {
            heap->RaisePeak();
        }

        return true;
    }

    private static void* TryAllocate(HeapState* heap, nuint size, nuint alignment, bool zero)
    {
        nuint usable = UsableFor(size);
        nuint slices = SlicesFor(usable);
        nuint slice = HeapState.Take(heap, slices, alignment, out Region* region, out bool zeroed);
        if (slice == Region.None)
        {
            return HugeBlocks.Allocate(heap, usable, alignment);
        }

        Page* page = region->Pages + slice;
        void* block = region->AddressOf(slice);
        page->BlockSize = usable;
        page->SlicesToHead = 0;
        page->Slices = (uint)slices;
        page->Kind = PageKind.Large;
        heap->Large.Took(usable);
        if (zero && !zeroed)
        {
            Clear(heap, block, size);
        }

        return block;
    }

    private static void Clear(HeapState* heap, void* block, nuint size)
    {
        if (size < DiscardToClear || !heap->Pages.Purge(heap->Pages.State, block, UsableFor(size)))
        {
            Memory.Clear(block, size);
        }
    }

    private static nuint UsableFor(nuint size) => Layout.AlignUp(size == 0 ? 1 : size, Os.PageSize);

    private static nuint SlicesFor(nuint usable) => (usable + Region.SliceSize - 1) >> Region.Log2Slice;
}
