namespace Quarry;

/// <summary>
/// Provides default implementations of members of <see cref="IAllocator"/> in terms of the other members.
/// </summary>
public static unsafe class AllocatorDefaults
{
    /// <summary>Allocates a block, and clears it.</summary>
    public static void* AllocateZeroed<TAllocator>(TAllocator allocator, Layout layout)
        where TAllocator : unmanaged, IAllocator
    {
        void* block = allocator.Allocate(layout);
        if (block != null)
        {
            Memory.Clear(block, layout.Size);
        }

        return block;
    }

    /// <summary>
    /// Resizes a block in place if the allocator can; otherwise allocates a new block, copies the contents,
    /// and frees the old one.
    /// </summary>
    public static void* Reallocate<TAllocator>(
        TAllocator allocator, void* block, Layout layout, nuint newSize)
        where TAllocator : unmanaged, IAllocator
    {
        if (!Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout))
        {
            return null;
        }

        if (block == null)
        {
            return allocator.Allocate(newLayout);
        }

        if ((TAllocator.Traits & AllocatorTraits.ResizesInPlace) != 0
            && allocator.TryResize(block, layout, newSize))
        {
            return block;
        }

        void* moved = allocator.Allocate(newLayout);
        if (moved != null)
        {
            // An allocator that knows the size may be called with a layout that does not, as by realloc.
            nuint size = (TAllocator.Traits & AllocatorTraits.KnowsSize) != 0
                ? allocator.UsableSize(block, layout)
                : layout.Size;
            Memory.Copy(block, moved, size < newSize ? size : newSize);
            allocator.Deallocate(block, layout);
        }

        return moved;
    }
}
