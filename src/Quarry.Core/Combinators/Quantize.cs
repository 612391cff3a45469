namespace Quarry;

/// <summary>Rounds sizes up, so that a block can grow within its step at no cost.</summary>
/// <remarks>
/// Serves what grows a little at a time, over an allocator that would have to move it. Growth within a step
/// is two roundings and a comparison; everything else costs one rounding. After D's <c>Quantizer</c>.
/// </remarks>
/// <typeparam name="TInner">The allocator the blocks come from.</typeparam>
/// <typeparam name="TSteps">
/// What sizes are rounded up to: <see cref="Multiples{TStep}"/>, <see cref="FourPerDoubling"/>,
/// <see cref="PowersOfTwo"/>, or your own.
/// </typeparam>
public readonly unsafe struct Quantize<TInner, TSteps> : IAllocator
    where TInner : unmanaged, IAllocator
    where TSteps : struct, ISizeSteps
{
    private readonly TInner _inner;

    /// <summary>Serves from an allocator that stays the caller's, and must outlive this.</summary>
    public Quantize(TInner inner) => _inner = inner;

    /// <inheritdoc/>
    public static AllocatorTraits Traits => TInner.Traits | AllocatorTraits.ResizesInPlace;

    /// <summary>The allocator the blocks come from.</summary>
    public TInner Inner => _inner;

    /// <inheritdoc/>
    public void* Allocate(Layout layout) =>
        TryRound(layout, out Layout rounded) ? _inner.Allocate(rounded) : null;

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) =>
        TryRound(layout, out Layout rounded) ? _inner.AllocateZeroed(rounded) : null;

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout) => _inner.Deallocate(block, Rounded(layout));

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        if (newSize > Layout.MaxSize)
        {
            return null;
        }

        // An allocator that knows the size is not told it here, and keeps a block in its place by itself.
        nuint rounded = Round(newSize);
        bool fits = (TInner.Traits & AllocatorTraits.KnowsSize) == 0
            && block != null && rounded == Round(layout.Size);
        return fits ? block : _inner.Reallocate(block, Rounded(layout), rounded);
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        if (newSize > Layout.MaxSize)
        {
            return false;
        }

        nuint rounded = Round(newSize);
        if (rounded == Round(layout.Size))
        {
            return true;
        }

        return (TInner.Traits & AllocatorTraits.ResizesInPlace) != 0
            && _inner.TryResize(block, Rounded(layout), rounded);
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _inner.UsableSize(block, Rounded(layout));

    /// <inheritdoc/>
    public bool Owns(void* block) => _inner.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll() => _inner.DeallocateAll();

    private static nuint Round(nuint size) => TSteps.SizeOf(TSteps.IndexOf(size));

    private static bool TryRound(Layout layout, out Layout rounded) =>
        Layout.TryCreate(Round(layout.Size), layout.Alignment, out rounded);

    /// <summary>The layout of a block that was taken, so rounding it cannot fail.</summary>
    private static Layout Rounded(Layout layout)
    {
        if ((TInner.Traits & AllocatorTraits.KnowsSize) == 0)
        {
            _ = TryRound(layout, out layout);
        }

        return layout;
    }
}
