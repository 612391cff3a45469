using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Keeps freed blocks in lists, one for each step of a series of sizes, and allocates from them first.
/// </summary>
/// <remarks>
/// <para>
/// A request is rounded up to a step, and gets a block of that step. Sizes above the last step, and
/// alignments above 16, are passed to the inner allocator unchanged. A block resizes in place within its
/// step.
/// </para>
/// <para>
/// The cost is that of rounding, and about thirty instructions for a block from a list. Not thread-safe; see
/// <see cref="Synchronized{TInner}"/>. After disposal, requests fail, and blocks in use can still be freed.
/// After D's <c>Bucketizer</c>.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
/// <typeparam name="TSteps">The sizes of the buckets.</typeparam>
public readonly unsafe partial struct Bucketize<TInner, TSteps> : IAllocator, IFreeLists
    where TInner : unmanaged, IAllocator
    where TSteps : struct, ISizeSteps
{
    private readonly TInner _inner;
    private readonly StateHandle<BucketizeState> _handle;
    private readonly nuint _firstStep;
    private readonly nuint _count;

    private Bucketize(TInner inner, StateHandle<BucketizeState> handle, nuint firstStep, nuint count)
    {
        _inner = inner;
        _handle = handle;
        _firstStep = firstStep;
        _count = count;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TInner.Traits & Recycling.Kept) | AllocatorTraits.ResizesInPlace;
    }

    /// <summary>Gets the maximum number of buckets.</summary>
    public static int MaxBuckets => BucketizeState.MaxBuckets;

    /// <summary>Gets the inner allocator.</summary>
    public TInner Inner => _inner;

    bool IFreeLists.IsAlive => _handle.IsAlive;

    nuint IFreeLists.Count => _count;

    /// <summary>Creates an allocator that keeps freed blocks by size.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="minSize">
    /// The size of the first bucket, in bytes, which also serves all smaller sizes.
    /// </param>
    /// <param name="maxSize">The largest size that must have a bucket, in bytes.</param>
    /// <param name="maxBlocks">The maximum number of blocks to keep in each bucket.</param>
    /// <param name="value">The created allocator.</param>
    /// <returns>
    /// <see langword="false"/> if the range is empty or has more than <see cref="MaxBuckets"/> steps, or the
    /// system is out of memory.
    /// </returns>
    public static bool TryCreate(
        TInner inner, nuint minSize, nuint maxSize, uint maxBlocks, out Bucketize<TInner, TSteps> value)
    {
        value = default;
        nuint count = CountOf(minSize, maxSize);
        if (count == 0 || count > BucketizeState.MaxBuckets
            || !StateHandle<BucketizeState>.TryCreate(out StateHandle<BucketizeState> handle))
        {
            return false;
        }

        for (nuint index = 0; index < count; index++)
        {
            BucketizeState.BucketAt(handle.Pointer, index)->Limit = maxBlocks;
        }

        value = new Bucketize<TInner, TSteps>(inner, handle, TSteps.IndexOf(minSize), count);
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
    nuint IFreeLists.IndexOf(nuint size, nuint alignment)
    {
        if (size > Layout.MaxSize || alignment > FreeBlockList.Alignment)
        {
            return Recycling.NoList;
        }

        nuint step = TSteps.IndexOf(size);
        nuint index = step < _firstStep ? 0 : step - _firstStep;
        return index < _count ? index : Recycling.NoList;
    }

    Layout IFreeLists.BlockOf(nuint index)
    {
        // Valid, as CountOf has tested the largest size.
        nuint size = TSteps.SizeOf(_firstStep + index);
        nuint blockSize = size < FreeBlockList.Alignment ? FreeBlockList.Alignment : size;
        _ = Layout.TryCreate(blockSize, FreeBlockList.Alignment, out Layout block);
        return block;
    }

    FreeBlockList* IFreeLists.ListAt(nuint index) => BucketizeState.BucketAt(_handle.Pointer, index);

    /// <summary>
    /// Returns the number of steps of a range; 0 if it is empty or exceeds the maximum size of a block.
    /// </summary>
    private static nuint CountOf(nuint minSize, nuint maxSize)
    {
        if (minSize > maxSize || maxSize > Layout.MaxSize)
        {
            return 0;
        }

        nuint last = TSteps.IndexOf(maxSize);
        return Layout.TryCreate(TSteps.SizeOf(last), FreeBlockList.Alignment, out _)
            ? last - TSteps.IndexOf(minSize) + 1
            : 0;
    }
}
