using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>A list of free blocks for each of a series of sizes.</summary>
/// <remarks>
/// <para>
/// A request takes a block of the step it is rounded up to, from the list of that step if one lies there.
/// Sizes above the last step, and alignments above 16, go to the inner allocator as they are. A block
/// resizes in place within its step.
/// </para>
/// <para>
/// Costs the rounding and some thirty instructions for a block that is kept. For one thread; see
/// <see cref="Synchronized{TInner}"/>. After D's <c>Bucketizer</c>.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The allocator the blocks come from.</typeparam>
/// <typeparam name="TSteps">The sizes of the buckets.</typeparam>
public readonly unsafe partial struct Bucketize<TInner, TSteps> : IAllocator, IFreeLists
    where TInner : unmanaged, IAllocator
    where TSteps : struct, ISizeSteps
{
    private readonly TInner _inner;
    private readonly StateHandle<BucketizeState> _handle;

    private Bucketize(TInner inner, StateHandle<BucketizeState> handle)
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

    /// <summary>The most buckets there can be.</summary>
    public static int MaxBuckets => BucketizeState.MaxBuckets;

    /// <summary>The allocator the blocks come from.</summary>
    public TInner Inner => _inner;

    bool IFreeLists.IsAlive => _handle.IsAlive;

    /// <summary>Keeps blocks of an allocator that stays the caller's, and must outlive the value.</summary>
    /// <param name="inner">The allocator the blocks come from.</param>
    /// <param name="minSize">The size, in bytes, that the first bucket serves, with all smaller ones.</param>
    /// <param name="maxSize">The size, in bytes, that the last bucket serves.</param>
    /// <param name="maxBlocks">The most blocks that lie idle in a bucket.</param>
    /// <param name="value">The allocator.</param>
    /// <returns>
    /// False if the range is empty or has more than <see cref="MaxBuckets"/> steps, or the system has no
    /// memory.
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

        BucketizeState* state = handle.Pointer;
        state->FirstStep = TSteps.IndexOf(minSize);
        state->Count = count;
        for (nuint index = 0; index < count; index++)
        {
            nuint size = TSteps.SizeOf(state->FirstStep + index);
            nuint blockSize = size < FreeBlockList.Alignment ? FreeBlockList.Alignment : size;
            FreeBlockList* bucket = BucketizeState.BucketOf(state, index);
            bucket->Limit = maxBlocks;
            _ = Layout.TryCreate(blockSize, FreeBlockList.Alignment, out bucket->Block);
            state->MaxSize = size;
        }

        value = new Bucketize<TInner, TSteps>(inner, handle);
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
            BucketizeState* state = _handle.Pointer;
            for (nuint index = 0; index < state->Count; index++)
            {
                BucketizeState.BucketOf(state, index)->Clear();
            }

            _inner.DeallocateAll();
        }
    }

    /// <summary>Gives the blocks that lie idle here back to the inner allocator.</summary>
    public void Trim()
    {
        BucketizeState* state = _handle.Pointer;
        for (nuint index = 0; index < state->Count; index++)
        {
            Recycling.Trim(_inner, BucketizeState.BucketOf(state, index));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    FreeBlockList* IFreeLists.Find(nuint size, nuint alignment)
    {
        BucketizeState* state = _handle.Pointer;
        if (size > state->MaxSize || alignment > FreeBlockList.Alignment)
        {
            return null;
        }

        nuint step = TSteps.IndexOf(size);
        return BucketizeState.BucketOf(state, step < state->FirstStep ? 0 : step - state->FirstStep);
    }

    /// <summary>The steps of a range, 0 if it is empty or beyond what a block may have.</summary>
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
