using System.Diagnostics;

namespace Quarry;

/// <summary>Allocates, frees and resizes huge blocks, which are mappings of their own.</summary>
/// <remarks>
/// A huge block begins at a granule of the <see cref="PageMap"/>, whose entry is its size. Moving a block to
/// grow moves page tables instead of bytes; because old and new address are aligned to 2 MiB, the kernel
/// moves whole tables.
/// </remarks>
internal static unsafe class HugeBlocks
{
    /// <summary>Allocates a zeroed block; returns null if out of memory.</summary>
    internal static void* Allocate(HeapBackend* backend, nuint size, nuint alignment)
    {
        Debug.Assert(size % Os.PageSize == 0, "a huge block consists of whole pages");
        if (!backend->TryCharge(size))
        {
            return null;
        }

        void* block = ReserveAligned(backend, size, alignment);
        if (block == null)
        {
            backend->Uncharge(size);
            return null;
        }

        PageSource* source = &backend->Supply.Source;
        if (source->Commit(source->State, block, size)
            && backend->PageMap.TryPrepare(block, &backend->Metadata))
        {
            backend->PageMap.Set(block, size | PageMap.HugeTag);
            backend->Large->Allocated(size);
            backend->RaisePeak();
            return block;
        }

        source->Release(source->State, block, size);
        backend->Uncharge(size);
        return null;
    }

    /// <summary>Frees a block; returns false if no huge block begins at the address.</summary>
    internal static bool TryFree(HeapBackend* backend, void* address)
    {
        nuint size = SizeOf(backend, address);
        if (size == 0 || !backend->PageMap.TryClear(address, size | PageMap.HugeTag))
        {
            return false;
        }

        PageSource* source = &backend->Supply.Source;
        source->Release(source->State, address, size);
        backend->Uncharge(size);
        backend->Large->Freed(size);
        return true;
    }

    /// <summary>Returns the size of the huge block that begins at an address; 0 if there is none.</summary>
    internal static nuint SizeOf(HeapBackend* backend, void* address)
    {
        nuint entry = backend->PageMap.Find(address);
        bool isHuge = (entry & PageMap.TagMask) == PageMap.HugeTag;
        return isHuge && (nuint)address % Region.Alignment == 0 ? entry & ~PageMap.TagMask : 0;
    }

    /// <summary>Determines whether blocks can be moved without copying.</summary>
    internal static bool CanMove(HeapBackend* backend) => backend->Supply.Source.TryMove != null;

    /// <summary>
    /// Resizes a block, moving it if necessary; returns null if that cannot be done without copying.
    /// </summary>
    internal static void* Resize(
        HeapBackend* backend, void* block, nuint oldSize, nuint newSize, bool mayMove)
    {
        newSize = Layout.AlignUp(newSize, Os.PageSize);
        if (newSize == oldSize)
        {
            return block;
        }

        if (!CanMove(backend))
        {
            return newSize < oldSize ? block : null;
        }

        if (newSize > oldSize && !backend->TryCharge(newSize - oldSize))
        {
            return null;
        }

        void* resized = TryResizeInPlace(backend, block, oldSize, newSize) ? block
            : mayMove && newSize > oldSize ? Move(backend, block, oldSize, newSize)
            : null;
        if (newSize > oldSize && resized == null)
        {
            backend->Uncharge(newSize - oldSize);
        }
        else if (newSize < oldSize && resized != null)
        {
            backend->Uncharge(oldSize - newSize);
        }

        if (resized != null)
        {
            backend->Large->Resized(oldSize, newSize);
            backend->RaisePeak();
        }

        return resized;
    }

    private static bool TryResizeInPlace(HeapBackend* backend, void* block, nuint oldSize, nuint newSize)
    {
        // Meanwhile the map holds the smaller size: if the thread is killed here, freeing the block must not
        // unmap memory after it that others may have mapped.
        PageSource* source = &backend->Supply.Source;
        nuint smaller = oldSize < newSize ? oldSize : newSize;
        backend->PageMap.Set(block, smaller | PageMap.HugeTag);
        bool resized = source->TryResize(source->State, block, oldSize, newSize);
        backend->PageMap.Set(block, (resized ? newSize : oldSize) | PageMap.HugeTag);
        return resized;
    }

    private static void* Move(HeapBackend* backend, void* block, nuint oldSize, nuint newSize)
    {
        PageSource* source = &backend->Supply.Source;
        void* target = ReserveAligned(backend, newSize, Region.Alignment);
        if (target == null)
        {
            return null;
        }

        // The leaf for the new address is prepared before the block is moved, because that can fail.
        if (!backend->PageMap.TryPrepare(target, &backend->Metadata))
        {
            source->Release(source->State, target, newSize);
            return null;
        }

        // No other thread may free a block that is being resized, so the two entries need not change
        // atomically.
        backend->PageMap.Set(block, 0);
        if (source->TryMove(source->State, block, oldSize, target, newSize))
        {
            *backend->PageMap.RecordOf(target) = Atomic.Exchange(ref *backend->PageMap.RecordOf(block), 0);
            backend->PageMap.Set(target, newSize | PageMap.HugeTag);
            return target;
        }

        backend->PageMap.Set(block, oldSize | PageMap.HugeTag);
        source->Release(source->State, target, newSize);
        return null;
    }

    private static void* ReserveAligned(HeapBackend* backend, nuint size, nuint alignment)
    {
        PageSource* source = &backend->Supply.Source;
        alignment = alignment < Region.Alignment ? Region.Alignment : alignment;
        return source->Reserve(source->State, size, alignment);
    }
}
