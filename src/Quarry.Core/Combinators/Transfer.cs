namespace Quarry;

/// <summary>Moves a block from one allocator to another.</summary>
internal static unsafe class Transfer
{
    /// <summary>Takes a block of the new size, copies what fits, and gives the old one back.</summary>
    /// <returns>Null if <paramref name="to"/> has no room; the old block is then unchanged.</returns>
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
    /// The size of a block, from whom knows it best: an allocator that knows it is not told it reliably.
    /// </summary>
    internal static nuint SizeOf<TAllocator>(TAllocator allocator, void* block, Layout layout)
        where TAllocator : unmanaged, IAllocator =>
        (TAllocator.Traits & AllocatorTraits.KnowsSize) != 0
            ? allocator.UsableSize(block, layout)
            : layout.Size;
}
