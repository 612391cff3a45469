namespace Quarry;

/// <content>Resizing blocks.</content>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    // A block that outgrows this by reallocation is likely to go on growing: as a huge block it need not be
    // copied again.
    private const nuint GrowByMapping = 1024 * 1024;

    /// <summary>Resizes a block, keeping its contents and the alignment of 16.</summary>
    /// <returns>The block, moved or not; null if there is no memory, with the block unchanged.</returns>
    internal static void* Reallocate(void* address, nuint size, ThreadHeap* thread)
    {
        thread = Ensure(thread);
        if (thread == null)
        {
            return Unavailable();
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

        // Shrinking to more than half wastes little, and a block that shrinks often grows again.
        bool keep = size <= usable && (size > usable / 2 || usable <= 4 * Block.MinSize);
        if (keep && usable <= SmallSizes<TSizes>.MaxSize)
        {
            Resized(heap, address, usable, size);
            return address;
        }

        if (size > SmallSizes<TSizes>.MaxSize && usable > SmallSizes<TSizes>.MaxSize)
        {
            void* resized = LargeBlocks.Resize(&heap->Backend, address, usable, size, mayMove: true);
            if (resized != null)
            {
                Resized(heap, address, usable, size);
                return resized;
            }
        }

        return Move(thread, address, usable, size);
    }

    /// <summary>Resizes a block without moving it.</summary>
    internal static bool TryResize(HeapState* heap, void* address, nuint size)
    {
        nuint usable = UsableSize(heap, address);
        bool resized = size <= usable && size <= SmallSizes<TSizes>.MaxSize
            ? usable != 0
            : usable > SmallSizes<TSizes>.MaxSize
                && LargeBlocks.Resize(&heap->Backend, address, usable, size, mayMove: false) != null;
        if (resized)
        {
            Resized(heap, address, usable, size);
        }

        return resized;
    }

    /// <summary>
    /// Returns the number of bytes that may be used in a block; 0 if the address is not that of a block.
    /// </summary>
    internal static nuint UsableSize(HeapState* heap, void* address)
    {
        Page* page = heap->Backend.Find(address, out Region* region);
        return page != null && page->Kind == PageKind.Small
            ? page->BlockSize
            : LargeBlocks.SizeOf(&heap->Backend, region, page, address);
    }

    private static void* Move(ThreadHeap* thread, void* address, nuint usable, nuint size)
    {
        HeapState* heap = thread->Heap;
        bool grows = size > usable;
        bool map = grows && size >= GrowByMapping && usable > SmallSizes<TSizes>.MaxSize
            && size <= Layout.MaxSize - Region.Alignment && HugeBlocks.CanMove(&heap->Backend);
        void* moved = map
            ? HugeBlocks.Allocate(&heap->Backend, Layout.AlignUp(size, Os.PageSize), Region.Alignment)
            : null;
        moved = moved != null ? Leaves(heap, moved, size)
            : grows ? Allocate(size, thread)
            : TryShrink(thread, size);
        if (moved == null)
        {
            return grows ? null : address;
        }

        Memory.Copy(address, moved, grows ? usable : size);
        Free(address, thread);
        return moved;
    }

    // A request to shrink can always be met, in the place where the block is. So it is no case for the
    // exhaustion hook, nor for an error number.
    private static void* TryShrink(ThreadHeap* thread, nuint size) => size > SmallSizes<TSizes>.MaxSize
        ? TryAllocateLarge(thread->Heap, size, Block.MinSize, zero: false)
        : TryAllocateSmall(size, thread);

    private static void Resized(HeapState* heap, void* block, nuint usable, nuint size)
    {
        Returns(heap, block, usable);
        _ = Leaves(heap, block, size);
    }
}
