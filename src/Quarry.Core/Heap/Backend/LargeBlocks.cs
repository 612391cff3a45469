using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <summary>
/// Allocates, frees and resizes blocks larger than any size class: whole slices, or huge blocks.
/// </summary>
/// <remarks>
/// Freed slices stay backed for the decay time, so blocks of many megabytes that are allocated and freed
/// repeatedly cost no system call and no page fault. <see cref="HugeBlocks"/> serves requests that no region
/// can serve, and blocks that keep growing.
/// </remarks>
internal static unsafe class LargeBlocks
{
    // A quarter of a 47-bit address space; sums of sizes and alignments up to this do not overflow.
    private static nuint MaxAlignment
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (nuint)1 << 45;
    }

    // From this size on, purging and faulting zeroed pages in again is no slower than writing zeros, and
    // pages that are never touched stay unbacked.
    private const nuint DiscardToClear = 2 * 1024 * 1024;

    // A block that shrinks by less keeps the memory in its last slice, as a system call costs more than it
    // saves, and blocks that shrink often grow again.
    private const nuint LeastTail = Region.SliceSize / 4;

    /// <summary>Allocates a block; returns null if out of memory.</summary>
    /// <param name="backend">The back end.</param>
    /// <param name="size">The number of bytes; any value is allowed.</param>
    /// <param name="alignment">The alignment, in bytes; a power of two.</param>
    /// <param name="zero">True to zero the block.</param>
    internal static void* Allocate(HeapBackend* backend, nuint size, nuint alignment, bool zero)
    {
        nuint usable = UsableFor(size, alignment);
        if (usable == 0)
        {
            return null;
        }

        LinePlacement placement = new(backend, usable, alignment);
        nuint runAlignment = alignment < Region.SliceSize ? Region.SliceSize : alignment;

        // Aligning a run beyond the high-water mark commits the slices before it. Up to the alignment of huge
        // blocks these are few; above it, a huge block is cheaper.
        bool huge = runAlignment > Region.Alignment && backend->Supply.Source.ReservesAddressSpace;
        SliceRun clean = default;
        Region* region = null;
        nuint slices = SlicesFor(usable + placement.Room);
        nuint slice = huge
            ? Region.None
            : HeapBackend.AllocateSlices(backend, slices, runAlignment, out region, out clean);
        if (slice == Region.None && placement.Room != 0 && !huge)
        {
            // There may be no memory for the additional slice.
            placement = default;
            slices = SlicesFor(usable);
            slice = HeapBackend.AllocateSlices(backend, slices, runAlignment, out region, out clean);
        }

        if (slice == Region.None)
        {
            return HugeBlocks.Allocate(backend, usable, runAlignment);
        }

        Page* page = region->Pages + slice;
        page->BlockSize = usable;
        page->SlicesToHead = 0;
        page->Slices = (uint)slices;
        page->Extended = placement.LineIn(slice);
        page->Kind = PageKind.Large;
        void* block = StartOf(region, page);
        backend->Large->Allocated(usable);
        if (zero)
        {
            if (clean.Count != slices)
            {
                Clear(backend, block, size);
            }
        }
        else if (!clean.IsKept)
        {
            // Programs write all of what they fill, but often only parts of the tables that they want zeroed.
            backend->Backing.Prepare(region, (byte*)block, usable, clean);
        }

        return block;
    }

    /// <summary>
    /// Allocates the block that the calling thread keeps; returns null if it does not meet the request.
    /// </summary>
    /// <param name="backend">The back end.</param>
    /// <param name="kept">The kept block.</param>
    /// <param name="size">The number of bytes; any value is allowed.</param>
    /// <param name="alignment">The alignment, in bytes; a power of two.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* TryTakeKept(HeapBackend* backend, KeptBlock* kept, nuint size, nuint alignment)
    {
        void* block = kept->TryTake(UsableFor(size, alignment), alignment);
        if (block != null)
        {
            // Other memory may have been allocated since the block was kept.
            backend->RaisePeak();
        }

        return block;
    }

    /// <summary>
    /// Keeps a large block that the calling thread frees; returns false if it is free already.
    /// </summary>
    /// <param name="backend">The back end.</param>
    /// <param name="page">The descriptor of the block.</param>
    /// <param name="block">The block.</param>
    /// <param name="kept">Where the thread keeps it; empty.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryKeep(HeapBackend* backend, Page* page, void* block, KeptBlock* kept)
    {
        // As in TryFree, which finds 0 as well and returns false.
        uint slices = Atomic.Exchange(ref page->Slices, 0);
        if (slices == 0)
        {
            return false;
        }

        page->Kind = PageKind.None;
        kept->Keep(page, block, slices);
        HeapBackend.OnKept(backend, kept);
        return true;
    }

    /// <summary>Frees a block; returns false if the address is not that of a large or huge block.</summary>
    internal static bool TryFree(HeapBackend* backend, Region* region, Page* page, void* address)
    {
        if (page == null)
        {
            return region == null && HugeBlocks.TryFree(backend, address);
        }

        if (page->Kind != PageKind.Large || StartOf(region, page) != address)
        {
            return false;
        }

        // If two threads free the same block, only one of them reads a nonzero count.
        uint slices = Atomic.Exchange(ref page->Slices, 0);
        if (slices == 0)
        {
            return false;
        }

        page->Kind = PageKind.None;
        backend->Large->Freed(page->BlockSize);
        HeapBackend.FreeSlices(backend, region, region->SliceOf(page), slices);
        return true;
    }

    /// <summary>
    /// Returns the usable size of the large or huge block at an address; 0 if there is none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint SizeOf(HeapBackend* backend, Region* region, Page* page, void* address)
    {
        if (page == null)
        {
            return region == null ? HugeBlocks.SizeOf(backend, address) : 0;
        }

        return page->Kind == PageKind.Large && StartOf(region, page) == address ? page->BlockSize : 0;
    }

    /// <summary>Returns the address of a large block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static byte* StartOf(Region* region, Page* page) =>
        region->StartOf(page) + LinePlacement.BytesBefore(page);

    /// <summary>Resizes a large or huge block without copying; returns null if that is impossible.</summary>
    /// <param name="backend">The back end.</param>
    /// <param name="address">The block.</param>
    /// <param name="usable">The usable size of the block.</param>
    /// <param name="size">The new size; larger than any size class.</param>
    /// <param name="mayMove">True if the block may be remapped to another address.</param>
    internal static void* Resize(
        HeapBackend* backend, void* address, nuint usable, nuint size, bool mayMove)
    {
        if (size > Layout.MaxSize - Region.SliceSize)
        {
            return null;
        }

        Page* page = backend->Find(address, out Region* region);
        return page == null ? HugeBlocks.Resize(backend, address, usable, size, mayMove)
            : TryResizeInPlace(backend, region, page, size) ? address
            : null;
    }

    private static bool TryResizeInPlace(HeapBackend* backend, Region* region, Page* page, nuint size)
    {
        nuint usable = UsableFor(size);
        nuint needed = SlicesFor(usable + LinePlacement.BytesBefore(page));
        nuint slice = region->SliceOf(page);
        if (needed > page->Slices)
        {
            nuint more = needed - page->Slices;
            if (!backend->TryCharge(more << Region.Log2Slice))
            {
                return false;
            }

            if (!region->TryAllocateAt(slice + page->Slices, more)
                && !(backend->ReleaseKept() && region->TryAllocateAt(slice + page->Slices, more)))
            {
                backend->Uncharge(more << Region.Log2Slice);
                return false;
            }
        }

        // The new count is written before the surplus is freed: if the thread is killed in between, freeing
        // the block must not free slices that another block uses by then.
        nuint surplus = needed < page->Slices ? page->Slices - needed : 0;
        nuint before = page->BlockSize;
        backend->Large->Resized(before, usable);
        Volatile.Write(ref page->Slices, (uint)needed);
        page->BlockSize = usable;
        if (surplus != 0)
        {
            HeapBackend.FreeSlices(backend, region, slice + needed, surplus);
        }
        else
        {
            backend->RaisePeak();
        }

        PurgeTail(backend, StartOf(region, page), before, usable, region->AddressOf(slice + needed));
        return true;
    }

    /// <summary>
    /// Purges what a block that shrinks leaves in its last slice. It is not a free slice, so no later step
    /// would find it.
    /// </summary>
    private static void PurgeTail(HeapBackend* backend, byte* start, nuint before, nuint after, byte* end)
    {
        byte* from = (byte*)Layout.AlignUp((nuint)start + after, Os.PageSize);
        byte* to = start + before < end ? start + before : end;
        if (to > from && (nuint)(to - from) >= LeastTail && backend->DecayMilliseconds >= 0)
        {
            _ = PageSupply.TryPurge(
                &backend->Supply, from, Layout.AlignUp((nuint)to, Os.PageSize) - (nuint)from);
        }
    }

    /// <summary>Clears a block that was used before.</summary>
    internal static void Clear(HeapBackend* backend, void* block, nuint size)
    {
        PageSource* source = &backend->Supply.Source;
        byte* start = (byte*)block, end = start + size;
        byte* first = (byte*)Layout.AlignUp((nuint)start, Os.PageSize);
        byte* last = (byte*)Layout.AlignDown((nuint)end, Os.PageSize);
        if (size < DiscardToClear || !source->Purge(source->State, first, (nuint)(last - first)))
        {
            Memory.Clear(block, size);
            return;
        }

        Memory.Clear(start, (nuint)(first - start));
        Memory.Clear(last, (nuint)(end - last));
    }

    /// <summary>
    /// Returns the usable size of a block of a size and an alignment; 0 if either is too large.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint UsableFor(nuint size, nuint alignment) =>
        alignment > MaxAlignment || size > Layout.MaxSize - MaxAlignment - Region.Alignment
            ? 0
            : UsableFor(size);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint UsableFor(nuint size) => Layout.AlignUp(size == 0 ? 1 : size, Os.PageSize);

    private static nuint SlicesFor(nuint usable) => (usable + Region.SliceSize - 1) >> Region.Log2Slice;
}
