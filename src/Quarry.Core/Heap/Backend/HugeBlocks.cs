namespace Quarry;

/// <summary>Blocks that are mappings of their own.</summary>
/// <remarks>
/// Such a block begins at a granule of the directory, whose entry is its size. Growing one moves page
/// tables instead of bytes, and as both ends are aligned to 2 MiB the kernel moves them by whole tables.
/// </remarks>
internal static unsafe class HugeBlocks
{
    /// <summary>Takes a block of zeros; null if there is no memory.</summary>
    internal static void* Allocate(HeapState* heap, nuint size, nuint alignment)
    {
        if (!heap->TryCharge(size))
        {
            return null;
        }

        void* block = ReserveAligned(heap, size, alignment);
        if (block == null)
        {
            heap->Uncharge(size);
            return null;
        }

        if (heap->Pages.Commit(heap->Pages.State, block, size)
            && heap->PageMap.TrySet(heap, block, size | PageMap.MappedTag))
        {
            heap->Large.Took(size);
            heap->RaisePeak();
            return block;
        }

        heap->Pages.Release(heap->Pages.State, block, size);
        heap->Uncharge(size);
        return null;
    }

    /// <summary>Gives a block back, unless no mapped block begins at the address.</summary>
    internal static bool TryFree(HeapState* heap, void* address)
    {
        nuint size = SizeOf(heap, address);
        if (size == 0 || !heap->PageMap.TryClear(address, size | PageMap.MappedTag))
        {
            return false;
        }

        heap->Pages.Release(heap->Pages.State, address, size);
        heap->Uncharge(size);
        heap->Large.Gave(size);
        return true;
    }

    /// <summary>The size of the mapped block that begins at the address; 0 if none does.</summary>
    internal static nuint SizeOf(HeapState* heap, void* address)
    {
        nuint entry = heap->PageMap.Find(address);
        bool isMapped = (entry & PageMap.TagMask) == PageMap.MappedTag;
        return isMapped && (nuint)address % Region.Alignment == 0 ? entry & ~PageMap.TagMask : 0;
    }

    /// <summary>
    /// Changes the size of a block, moving it if it must; null if that cannot be done without copying.
    /// </summary>
    internal static void* Resize(HeapState* heap, void* block, nuint oldSize, nuint newSize, bool mayMove)
    {
        newSize = Layout.AlignUp(newSize, Os.PageSize);
        if (newSize == oldSize)
        {
            return block;
        }

        if (heap->Pages.TryResize == null)
        {
            return newSize < oldSize ? block : null;
        }

        if (newSize > oldSize && !heap->TryCharge(newSize - oldSize))
        {
            return null;
        }

        void* resized = TryResizeInPlace(heap, block, oldSize, newSize) ? block
            : mayMove && newSize > oldSize ? Move(heap, block, oldSize, newSize)
            : null;
        if (newSize > oldSize && resized == null)
        {
            heap->Uncharge(newSize - oldSize);
        }
        else if (newSize < oldSize && resized != null)
        {
            heap->Uncharge(oldSize - newSize);
        }

        if (resized != null)
        {
            heap->Large.Resized(oldSize, newSize);
            heap->RaisePeak();
        }

        return resized;
    }

    private static bool TryResizeInPlace(HeapState* heap, void* block, nuint oldSize, nuint newSize)
    {
        // The smaller size stands in the directory meanwhile: if we are killed, freeing the block must not
        // unmap what lies behind it and is somebody else's.
        nuint smaller = oldSize < newSize ? oldSize : newSize;
        _ = heap->PageMap.TrySet(heap, block, smaller | PageMap.MappedTag);
        bool resized = heap->Pages.TryResize(heap->Pages.State, block, oldSize, newSize);
        _ = heap->PageMap.TrySet(heap, block, (resized ? newSize : oldSize) | PageMap.MappedTag);
        return resized;
    }

    private static void* Move(HeapState* heap, void* block, nuint oldSize, nuint newSize)
    {
        bool movable = heap->Pages.TryMove != null;
        void* target = movable ? ReserveAligned(heap, newSize, Region.Alignment) : null;
        if (target == null)
        {
            return null;
        }

        // The entry of the new place first: with a leaf missing there, nothing must have been moved yet.
        if (!heap->PageMap.TrySet(heap, target, newSize | PageMap.MappedTag))
        {
            heap->Pages.Release(heap->Pages.State, target, newSize);
            return null;
        }

        heap->PageMap.Clear(block);
        if (heap->Pages.TryMove(heap->Pages.State, block, oldSize, target, newSize))
        {
            return target;
        }

        heap->PageMap.Clear(target);
        _ = heap->PageMap.TrySet(heap, block, oldSize | PageMap.MappedTag);
        heap->Pages.Release(heap->Pages.State, target, newSize);
        return null;
    }

    private static void* ReserveAligned(HeapState* heap, nuint size, nuint alignment)
    {
        alignment = alignment < Region.Alignment ? Region.Alignment : alignment;
        return heap->Pages.Reserve(heap->Pages.State, size, alignment);
    }
}
