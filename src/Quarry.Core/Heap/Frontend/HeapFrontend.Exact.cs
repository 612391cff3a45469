namespace Quarry;

/// <content>Resizes blocks to exactly the size of a new block, with an alignment.</content>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    /// <summary>
    /// Returns the usable size of a block that would be allocated for a size and an alignment, a power of
    /// two; 0 if no block could be.
    /// </summary>
    internal static nuint UsableSizeFor(nuint size, nuint alignment)
    {
        nuint rounded = alignment <= SmallSizes<TSizes>.Quantum ? size : RoundUp(size, alignment);
        return rounded <= SmallSizes<TSizes>.MaxSize
            ? SmallSizes<TSizes>.SizeOf(SmallSizes<TSizes>.ClassOf(rounded))
            : LargeBlocks.UsableFor(size, alignment);
    }

    /// <summary>
    /// Resizes a block, preserving its contents; the result has the alignment and the usable size of a new
    /// block.
    /// </summary>
    /// <param name="address">The block.</param>
    /// <param name="size">The new size, in bytes.</param>
    /// <param name="alignment">The alignment of the result, in bytes; a power of two.</param>
    /// <param name="thread">The thread heap of the calling thread.</param>
    /// <returns>
    /// The block, which may have been moved; null if out of memory, in which case the block is unchanged.
    /// </returns>
    internal static void* ReallocateExact(void* address, nuint size, nuint alignment, ThreadHeap* thread)
    {
        HeapState* heap = thread->Heap;
        if (IsIsolated(heap, address))
        {
            return ReallocateIsolated(thread, address, size, alignment);
        }

        nuint usable = UsableAnywhere(ref heap, address);
        if (usable == 0)
        {
            ReportInvalid(heap, address);
            return null;
        }

        nuint target = UsableSizeFor(size, alignment);
        if (((nuint)address & (alignment - 1)) == 0)
        {
            if (usable == target)
            {
                return Resized(heap, address, address, usable, size, thread);
            }

            if (usable > SmallSizes<TSizes>.MaxSize && target > SmallSizes<TSizes>.MaxSize)
            {
                // A block that is remapped keeps the alignment of regions.
                bool mayMove = heap->Observer == null && alignment <= Region.Alignment;
                void* resized = LargeBlocks.Resize(&heap->Backend, address, usable, size, mayMove);
                if (resized != null)
                {
                    return Resized(heap, address, resized, usable, size, thread);
                }
            }
        }

        void* moved = FillAllocated(heap, AllocateUnreported(size, alignment, thread), 0);
        if (moved != null)
        {
            Memory.Copy(address, moved, size < usable ? size : usable);
            _ = Resizes(thread->Heap, address, moved, 0, size, thread);
            Free(address, thread);
        }

        return moved;
    }

    /// <summary>
    /// Resizes a large block in place to a size from a range: the largest possible when it grows, and not at
    /// all if its size is in the range already.
    /// </summary>
    /// <param name="address">The block.</param>
    /// <param name="least">The least size, in bytes.</param>
    /// <param name="most">The largest size, in bytes.</param>
    /// <param name="thread">The thread heap of the calling thread.</param>
    /// <returns>The usable size of the block afterwards; 0 if the address is not that of a block.</returns>
    internal static nuint ResizeInPlace(void* address, nuint least, nuint most, ThreadHeap* thread)
    {
        HeapState* heap = thread->Heap;
        nuint usable = UsableAnywhere(ref heap, address);
        if (IsIsolated(heap, address))
        {
            return usable;
        }

        if (usable <= SmallSizes<TSizes>.MaxSize || most <= SmallSizes<TSizes>.MaxSize)
        {
            return usable;
        }

        bool grows = most > usable;
        if ((grows && TryResize(heap, address, most, thread))
            || (grows && least > usable && TryResize(heap, address, least, thread))
            || (!grows && TryResize(heap, address, most, thread)))
        {
            return UsableSize(heap, address);
        }

        return usable;
    }
}
