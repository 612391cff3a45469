using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Rounds sizes up to steps, so that a block can grow in place within its step.</summary>
/// <remarks>
/// For blocks that grow a little at a time, over an allocator that would have to move them. Growth within a
/// step takes two roundings and a comparison; every other request, one rounding. After D's <c>Quantizer</c>.
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
/// <typeparam name="TSteps">
/// The sizes to round up to: <see cref="Multiples{TStep}"/>, <see cref="FourPerDoubling"/>,
/// <see cref="PowersOfTwo"/>, or a type of your own.
/// </typeparam>
public readonly unsafe partial struct Quantize<TInner, TSteps> : IAllocator
    where TInner : unmanaged, IAllocator
    where TSteps : struct, ISizeSteps
{
    private readonly TInner _inner;

    /// <summary>
    /// Initializes a new instance over an allocator, which is not disposed with this one, and must outlive
    /// it.
    /// </summary>
    public Quantize(TInner inner) => _inner = inner;

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TInner.Traits | AllocatorTraits.ResizesInPlace;
    }

    /// <summary>Gets the inner allocator.</summary>
    public TInner Inner => _inner;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout) =>
        TryRound(layout, out Layout rounded) ? _inner.Allocate(rounded) : null;

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) =>
        TryRound(layout, out Layout rounded) ? _inner.AllocateZeroed(rounded) : null;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deallocate(void* block, Layout layout) => _inner.Deallocate(block, Rounded(layout));

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        if (newSize > Layout.MaxSize)
        {
            return null;
        }

        // Over an allocator that knows sizes, the size in the layout may be inaccurate; such an allocator
        // keeps a block in place by itself.
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

    /// <summary>Returns the rounded layout of an allocated block, for which rounding cannot fail.</summary>
    private static Layout Rounded(Layout layout)
    {
        if ((TInner.Traits & AllocatorTraits.KnowsSize) == 0)
        {
            _ = TryRound(layout, out layout);
        }

        return layout;
    }
}
