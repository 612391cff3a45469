namespace Quarry;

/// <summary>Blocks that are mappings of their own.</summary>
/// <remarks>
/// Such a block begins at a granule of the directory, whose entry is its size. Growing one moves page tables instead of
/// bytes, and as both ends are aligned to 2 MiB the kernel moves them by whole tables.
/// </remarks>
internal static unsafe class MappedBlocks
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
            && heap->Directory.TrySet(heap, block, 1, size | Directory.MappedTag))
        {
            heap->Large.Took(size);
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
        if (size == 0 || !heap->Directory.TryClear(address, size | Directory.MappedTag))
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
        nuint entry = heap->Directory.Find(address);
        bool mapped = (entry & Directory.TagMask) == Directory.MappedTag && (nuint)address % Region.Alignment == 0;
        return mapped ? entry & ~Directory.TagMask : 0;
    }

    /// <summary>Changes the size of a block, moving it if it must; null if that cannot be done without copying.</summary>
    internal static void* Resize(HeapState* heap, void* block, nuint oldSize, nuint newSize, bool mayMove)
    {
        newSize = Layout.AlignUp(newSize, Os.PageSize);
        if (newSize == oldSize)
        {
            return block;
        }

        if (!heap->Pages.Movable || (newSize > oldSize && !heap->TryCharge(newSize - oldSize)))
        {
            return null;
        }

        void* moved = Os.Resize(block, oldSize, newSize) ? block : mayMove ? Move(heap, block, oldSize, newSize) : null;
        bool resized = moved != null;
        if (moved == block)
        {
            _ = heap->Directory.TrySet(heap, block, 1, newSize | Directory.MappedTag);
        }

        if (newSize > oldSize != resized)
        {
            heap->Uncharge(newSize > oldSize ? newSize - oldSize : oldSize - newSize);
        }

        if (resized)
        {
            heap->Large.Resized(oldSize, newSize);
        }

        return moved;
    }

    private static void* Move(HeapState* heap, void* block, nuint oldSize, nuint newSize)
    {
        void* target = ReserveAligned(heap, newSize, Region.Alignment);
        if (target == null)
        {
            return null;
        }

        // The entry of the new place first: with a leaf missing there, nothing must have been moved yet.
        if (!heap->Directory.TrySet(heap, target, 1, newSize | Directory.MappedTag))
        {
            heap->Pages.Release(heap->Pages.State, target, newSize);
            return null;
        }

        heap->Directory.Clear(block, 1);
        if (Os.MoveMapping(block, oldSize, target, newSize))
        {
            return target;
        }

        heap->Directory.Clear(target, 1);
        _ = heap->Directory.TrySet(heap, block, 1, oldSize | Directory.MappedTag);
        heap->Pages.Release(heap->Pages.State, target, newSize);
        return null;
    }

    private static void* ReserveAligned(HeapState* heap, nuint size, nuint alignment) =>
        heap->Pages.Reserve(heap->Pages.State, size, alignment < Region.Alignment ? Region.Alignment : alignment);
}
