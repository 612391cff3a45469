using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Keeps freed blocks of a range of sizes, and allocates from them first.</summary>
/// <remarks>
/// <para>
/// A request in the range, with an alignment of at most 16, gets a block of the largest size of the range, so
/// that every kept block fits; choose a narrow range. Blocks freed beyond the maximum number, and all other
/// requests, are passed to the inner allocator. A block in the range resizes in place within it.
/// </para>
/// <para>
/// A block from the list takes about thirty instructions. Not thread-safe; see
/// <see cref="Synchronized{TInner}"/>. After disposal, requests fail, and blocks in use can still be freed.
/// After D's <c>FreeList</c>.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
public readonly unsafe partial struct FreeList<TInner> : IAllocator, IFreeLists
    where TInner : unmanaged, IAllocator
{
    private readonly TInner _inner;
    private readonly StateHandle<FreeListState> _handle;
    private readonly nuint _minSize;
    private readonly nuint _blockSize;

    private FreeList(TInner inner, StateHandle<FreeListState> handle, nuint minSize, nuint blockSize)
    {
        _inner = inner;
        _handle = handle;
        _minSize = minSize;
        _blockSize = blockSize;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TInner.Traits & Recycling.Kept) | AllocatorTraits.ResizesInPlace;
    }

    /// <summary>Gets the inner allocator.</summary>
    public TInner Inner => _inner;

    bool IFreeLists.IsAlive => _handle.IsAlive;

    nuint IFreeLists.Count => 1;

    /// <summary>Creates an allocator that keeps freed blocks.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="minSize">The smallest size to keep, in bytes.</param>
    /// <param name="maxSize">
    /// The largest size to keep, in bytes, which is also the size of every such block.
    /// </param>
    /// <param name="maxBlocks">The maximum number of blocks to keep.</param>
    /// <param name="value">The created allocator.</param>
    /// <returns>
    /// <see langword="false"/> if the range is empty or too large, or the system is out of memory.
    /// </returns>
    public static bool TryCreate(
        TInner inner, nuint minSize, nuint maxSize, uint maxBlocks, out FreeList<TInner> value)
    {
        value = default;
        nuint blockSize = maxSize < FreeBlockList.Alignment ? FreeBlockList.Alignment : maxSize;
        if (minSize > maxSize
            || !Layout.TryCreate(blockSize, FreeBlockList.Alignment, out _)
            || !StateHandle<FreeListState>.TryCreate(out StateHandle<FreeListState> handle))
        {
            return false;
        }

        handle.Pointer->Blocks.Limit = maxBlocks;
        value = new FreeList<TInner>(inner, handle, minSize, blockSize);
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout) => Recycling.Allocate(_inner, this, layout);

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => Recycling.AllocateZeroed(_inner, this, layout);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deallocate(void* block, Layout layout) => Recycling.Deallocate(_inner, this, block, layout);

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        Recycling.Reallocate(_inner, this, block, layout, newSize);

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        Recycling.TryResize(_inner, this, block, layout, newSize);

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) =>
        Recycling.UsableSize(_inner, this, block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) => _inner.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll() => Recycling.DeallocateAll(_inner, this);

    /// <summary>Frees the kept blocks.</summary>
    public void Trim()
    {
        if (_handle.IsAlive)
        {
            Recycling.Trim(_inner, this);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    nuint IFreeLists.IndexOf(nuint size, nuint alignment) =>
        size - _minSize <= _blockSize - _minSize && alignment <= FreeBlockList.Alignment
            ? 0
            : Recycling.NoList;

    Layout IFreeLists.BlockOf(nuint index)
    {
        // Valid, as TryCreate has tested it.
        _ = Layout.TryCreate(_blockSize, FreeBlockList.Alignment, out Layout block);
        return block;
    }

    FreeBlockList* IFreeLists.ListAt(nuint index) => &_handle.Pointer->Blocks;
}
