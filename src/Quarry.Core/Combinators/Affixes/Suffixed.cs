using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Stores a value after each block.</summary>
/// <remarks>
/// The value is at the first suitably aligned address after the block. It is initially zero, and moves when
/// the block is resized. Its address depends on the size of the block, so
/// <see cref="AllocatorTraits.KnowsSize"/> is lost, and no more than the requested size of a block can be
/// used. The cost per block is the size of the value, and padding to its alignment.
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
/// <typeparam name="TSuffix">The type of the value.</typeparam>
public readonly unsafe partial struct Suffixed<TInner, TSuffix> : IAllocator
    where TInner : unmanaged, IAllocator
    where TSuffix : unmanaged
{
    private readonly TInner _inner;

    /// <summary>
    /// Initializes a new instance over an allocator, which is not disposed with this one, and must outlive
    /// it.
    /// </summary>
    public Suffixed(TInner inner) => _inner = inner;

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TInner.Traits & ~AllocatorTraits.KnowsSize;
    }

    /// <summary>Gets the inner allocator.</summary>
    public TInner Inner => _inner;

    /// <summary>
    /// Returns a reference to the value after a block. It is valid until the block is resized or freed.
    /// </summary>
    public static ref TSuffix SuffixOf(void* block, Layout layout)
    {
        _ = TryWrap(layout, out _, out nuint offset);
        return ref *(TSuffix*)((byte*)block + offset);
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        void* block = TryWrap(layout, out Layout outer, out nuint offset) ? _inner.Allocate(outer) : null;
        if (block != null)
        {
            *(TSuffix*)((byte*)block + offset) = default;
        }

        return block;
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) =>
        TryWrap(layout, out Layout outer, out _) ? _inner.AllocateZeroed(outer) : null;

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout) => _inner.Deallocate(block, Outer(layout));

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        if (!Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout)
            || !TryWrap(newLayout, out Layout newOuter, out nuint offset))
        {
            return null;
        }

        if (block == null)
        {
            return Allocate(newLayout);
        }

        // Read before the block shrinks, which may free the memory of the value.
        TSuffix suffix = SuffixOf(block, layout);
        void* moved = _inner.Reallocate(block, Outer(layout), newOuter.Size);
        if (moved != null)
        {
            *(TSuffix*)((byte*)moved + offset) = suffix;
        }

        return moved;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        if ((TInner.Traits & AllocatorTraits.ResizesInPlace) == 0
            || !Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout)
            || !TryWrap(newLayout, out Layout newOuter, out nuint offset))
        {
            return false;
        }

        TSuffix suffix = SuffixOf(block, layout);
        bool resized = _inner.TryResize(block, Outer(layout), newOuter.Size);
        if (resized)
        {
            *(TSuffix*)((byte*)block + offset) = suffix;
        }

        return resized;
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    /// <inheritdoc/>
    public bool Owns(void* block) => _inner.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll() => _inner.DeallocateAll();

    private static bool TryWrap(Layout layout, out Layout outer, out nuint offset) =>
        layout.TryExtend(Layout.Of<TSuffix>(), out outer, out offset);

    /// <summary>Returns the layout of the inner block.</summary>
    private static Layout Outer(Layout layout)
    {
        _ = TryWrap(layout, out Layout outer, out _);
        return outer;
    }
}
