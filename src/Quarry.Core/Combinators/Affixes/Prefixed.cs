using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>A value of the caller's in front of each block.</summary>
/// <remarks>
/// The block keeps its alignment; the value lies directly before it, zeroed at first, kept when the block is
/// resized. The inner block begins further ahead the stricter the alignment is, so an address alone does not
/// lead to it, and <see cref="AllocatorTraits.KnowsOwnership"/> and <see cref="AllocatorTraits.KnowsSize"/>
/// are lost; <see cref="Sized{TInner}"/> brings the second back. Costs the size of the value for each block,
/// rounded up to the alignment.
/// </remarks>
/// <typeparam name="TInner">The allocator the blocks come from.</typeparam>
/// <typeparam name="TPrefix">The value.</typeparam>
public readonly unsafe struct Prefixed<TInner, TPrefix> : IAllocator
    where TInner : unmanaged, IAllocator
    where TPrefix : unmanaged
{
    private readonly TInner _inner;

    /// <summary>Serves from an allocator that stays the caller's, and must outlive this.</summary>
    public Prefixed(TInner inner) => _inner = inner;

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TInner.Traits & ~(AllocatorTraits.KnowsOwnership | AllocatorTraits.KnowsSize);
    }

    /// <summary>The allocator the blocks come from.</summary>
    public TInner Inner => _inner;

    /// <summary>The value in front of a block; valid as long as the block is.</summary>
    public static ref TPrefix PrefixOf(void* block) => ref *((TPrefix*)block - 1);

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        if (!TryWrap(layout, out Layout outer, out nuint offset))
        {
            return null;
        }

        void* start = _inner.Allocate(outer);
        if (start == null)
        {
            return null;
        }

        void* block = (byte*)start + offset;
        PrefixOf(block) = default;
        return block;
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        void* start = TryWrap(layout, out Layout outer, out nuint offset)
            ? _inner.AllocateZeroed(outer)
            : null;
        return start == null ? null : (byte*)start + offset;
    }

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            void* start = StartOf(block, layout, out Layout outer);
            _inner.Deallocate(start, outer);
        }
    }

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

        void* start = StartOf(block, layout, out Layout outer);
        void* moved = _inner.Reallocate(start, outer, newOuter.Size);
        return moved == null ? null : (byte*)moved + offset;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        if ((TInner.Traits & AllocatorTraits.ResizesInPlace) == 0
            || !Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout)
            || !TryWrap(newLayout, out Layout newOuter, out _))
        {
            return false;
        }

        void* start = StartOf(block, layout, out Layout outer);
        return _inner.TryResize(start, outer, newOuter.Size);
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout)
    {
        void* start = StartOf(block, layout, out Layout outer);
        return _inner.UsableSize(start, outer) - (nuint)((byte*)block - (byte*)start);
    }

    /// <inheritdoc/>
    public bool Owns(void* block) => false;

    /// <inheritdoc/>
    public void DeallocateAll() => _inner.DeallocateAll();

    /// <summary>Where the inner block begins, and the layout it was taken with.</summary>
    internal static void* StartOf(void* block, Layout layout, out Layout outer)
    {
        // A block that was taken has a layout that fits.
        _ = TryWrap(layout, out outer, out nuint offset);
        return (byte*)block - offset;
    }

    private static bool TryWrap(Layout layout, out Layout outer, out nuint offset) =>
        Layout.Of<TPrefix>().TryExtend(layout, out outer, out offset);
}
