using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Keeps freed blocks of a range of sizes, and serves them again without asking anybody.</summary>
/// <remarks>
/// <para>
/// Every request in the range, at an alignment of 16 or less, takes a block of the largest size of the range,
/// so that each of the kept ones will do; keep the range narrow. What is freed beyond the most that are kept,
/// and every other request, goes to the inner allocator. A block in the range resizes in place within it.
/// </para>
/// <para>
/// Some thirty instructions for a block that is kept. For one thread; see
/// <see cref="Synchronized{TInner}"/>. After D's <c>FreeList</c>.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The allocator the blocks come from.</typeparam>
public readonly unsafe partial struct FreeList<TInner> : IAllocator, IFreeLists
    where TInner : unmanaged, IAllocator
{
    private readonly TInner _inner;
    private readonly StateHandle<FreeListState> _handle;

    private FreeList(TInner inner, StateHandle<FreeListState> handle)
    {
        _inner = inner;
        _handle = handle;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TInner.Traits & Recycling.Kept) | AllocatorTraits.ResizesInPlace;
    }

    /// <summary>The allocator the blocks come from.</summary>
    public TInner Inner => _inner;

    bool IFreeLists.IsAlive => _handle.IsAlive;

    /// <summary>Keeps blocks of an allocator that stays the caller's, and must outlive the value.</summary>
    /// <param name="inner">The allocator the blocks come from.</param>
    /// <param name="minSize">The smallest size that is kept, in bytes.</param>
    /// <param name="maxSize">
    /// The largest size that is kept, in bytes, and the size of every such block.
    /// </param>
    /// <param name="maxBlocks">The most blocks that lie idle here.</param>
    /// <param name="value">The allocator.</param>
    /// <returns>False if the range is empty or too large, or the system has no memory.</returns>
    public static bool TryCreate(
        TInner inner, nuint minSize, nuint maxSize, uint maxBlocks, out FreeList<TInner> value)
    {
        value = default;
        nuint blockSize = maxSize < FreeBlockList.Alignment ? FreeBlockList.Alignment : maxSize;
        if (minSize > maxSize
            || !Layout.TryCreate(blockSize, FreeBlockList.Alignment, out Layout block)
            || !StateHandle<FreeListState>.TryCreate(out StateHandle<FreeListState> handle))
        {
            return false;
        }

        handle.Pointer->MinSize = minSize;
        handle.Pointer->Blocks.Block = block;
        handle.Pointer->Blocks.Limit = maxBlocks;
        value = new FreeList<TInner>(inner, handle);
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
    public void DeallocateAll()
    {
        if ((Traits & AllocatorTraits.DeallocatesAll) != 0)
        {
            _handle.Pointer->Blocks.Clear();
            _inner.DeallocateAll();
        }
    }

    /// <summary>Gives the blocks that lie idle here back to the inner allocator.</summary>
    public void Trim() => Recycling.Trim(_inner, &_handle.Pointer->Blocks);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    FreeBlockList* IFreeLists.Find(nuint size, nuint alignment)
    {
        FreeListState* state = _handle.Pointer;
        bool serves = size - state->MinSize <= state->Blocks.Block.Size - state->MinSize
            && alignment <= FreeBlockList.Alignment;
        return serves ? &state->Blocks : null;
    }
}
