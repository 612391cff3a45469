namespace Quarry;

/// <summary>Moves blocks between allocators.</summary>
internal static unsafe class Transfer
{
    /// <summary>Allocates a block of the new size, copies the contents, and frees the old block.</summary>
    /// <returns>
    /// The new block, or null if <paramref name="to"/> is out of memory; the old block is then unchanged.
    /// </returns>
    internal static void* Move<TFrom, TTo>(TFrom from, TTo to, void* block, Layout layout, nuint newSize)
        where TFrom : unmanaged, IAllocator
        where TTo : unmanaged, IAllocator
    {
        void* moved = Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout)
            ? to.Allocate(newLayout)
            : null;
        if (moved != null)
        {
            nuint size = SizeOf(from, block, layout);
            Memory.Copy(block, moved, size < newSize ? size : newSize);
            from.Deallocate(block, layout);
        }

        return moved;
    }

    /// <summary>
    /// Returns the size of a block: from the allocator if it knows sizes, as the layout may then be
    /// inaccurate, and otherwise from the layout.
    /// </summary>
    internal static nuint SizeOf<TAllocator>(TAllocator allocator, void* block, Layout layout)
        where TAllocator : unmanaged, IAllocator =>
        (TAllocator.Traits & AllocatorTraits.KnowsSize) != 0
            ? allocator.UsableSize(block, layout)
            : layout.Size;
}
