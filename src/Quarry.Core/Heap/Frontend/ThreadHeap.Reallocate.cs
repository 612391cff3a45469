namespace Quarry;

/// <summary>Changing the size of blocks.</summary>
internal unsafe partial struct ThreadHeap
{
    // A block that outgrows this by reallocation is likely to go on growing: as a mapping it need not be
    // copied again.
    private const nuint GrowByMapping = 1024 * 1024;

    /// <summary>Changes the size of a block, keeping its contents and the alignment of 16.</summary>
    /// <returns>The block, moved or not; null if there is no memory, with the block unchanged.</returns>
    internal static void* Reallocate(void* address, nuint size, ThreadHeap* thread)
    {
        thread = ProcessHeap.Ensure(thread);
        if (thread == null)
        {
            return ProcessHeap.Unavailable();
        }

        if (address == null)
        {
            return Allocate(size, thread);
        }

        HeapState* heap = thread->Heap;
        nuint usable = UsableSize(heap, address);
        if (usable == 0)
        {
            heap->ReportForeign(address);
            return null;
        }

        // Shrinking to more than half wastes little, and what shrinks often grows again.
        bool keep = size <= usable && (size > usable / 2 || usable <= 4 * Block.MinSize);
        if (keep && usable <= SizeClass.MaxSize)
        {
            return address;
        }

        if (size > SizeClass.MaxSize && usable > SizeClass.MaxSize)
        {
            void* resized = ResizeLarge(heap, address, usable, size, mayMove: true);
            if (resized != null)
            {
                return resized;
            }
        }

        return Move(thread, address, usable, size);
    }

    /// <summary>Changes the size of a block without moving it.</summary>
    internal static bool TryResize(HeapState* heap, void* address, nuint size)
    {
        nuint usable = UsableSize(heap, address);
        if (size <= usable && size <= SizeClass.MaxSize)
        {
            return usable != 0;
        }

        return usable > SizeClass.MaxSize && ResizeLarge(heap, address, usable, size, mayMove: false) != null;
    }

    /// <summary>
    /// The bytes that may be used in a block; 0 if the address is not that of a block of the heap.
    /// </summary>
    internal static nuint UsableSize(HeapState* heap, void* address)
    {
        Page* page = heap->PageOf(address, out Region* region);
        if (page == null)
        {
            return region == null ? HugeBlocks.SizeOf(heap, address) : 0;
        }

        bool isBlock = page->Kind == PageKind.Small
            || (page->Kind == PageKind.Large && region->StartOf(page) == address);
        return isBlock ? page->BlockSize : 0;
    }

    private static void* ResizeLarge(HeapState* heap, void* address, nuint usable, nuint size, bool mayMove)
    {
        if (size > Layout.MaxSize - Region.SliceSize)
        {
            return null;
        }

        Page* page = heap->PageOf(address, out Region* region);
        if (page == null)
        {
            return HugeBlocks.Resize(heap, address, usable, size, mayMove);
        }

        return LargeBlocks.TryResize(heap, region, page, size) ? address : null;
    }

    private static void* Move(ThreadHeap* thread, void* address, nuint usable, nuint size)
    {
        bool grows = size > usable;
        bool map = grows && size >= GrowByMapping && usable > SizeClass.MaxSize
            && size <= Layout.MaxSize - Region.Alignment && thread->Heap->Pages.Movable;
        void* moved = map
            ? HugeBlocks.Allocate(thread->Heap, Layout.AlignUp(size, Os.PageSize), Region.Alignment)
            : null;
        if (moved == null && grows)
        {
            moved = Allocate(size, thread);
        }
        else if (moved == null && size <= SizeClass.MaxSize)
        {
            moved = TryAllocateSmall(size, thread);
        }

        if (moved == null)
        {
            // A block can always shrink in its place. That is no failure, and not reported as one.
            return grows ? null : address;
        }

        Memory.Copy(address, moved, grows ? usable : size);
        Free(address, thread);
        return moved;
    }
}
