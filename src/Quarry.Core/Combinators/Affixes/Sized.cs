using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Remembers the layout of each block, for an allocator that does not know it.</summary>
/// <remarks>
/// A block is then freed and resized by its address alone, so any allocator can stand behind
/// <c>malloc</c> and <c>free</c>. Costs 16 bytes in front of each block; more where the alignment is stricter
/// than 16.
/// </remarks>
/// <typeparam name="TInner">The allocator the blocks come from.</typeparam>
public readonly unsafe struct Sized<TInner> : IAllocator where TInner : unmanaged, IAllocator
{
    private readonly Prefixed<TInner, Layout> _inner;

    /// <summary>Serves from an allocator that stays the caller's, and must outlive this.</summary>
    public Sized(TInner inner) => _inner = new(inner);

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Prefixed<TInner, Layout>.Traits | AllocatorTraits.KnowsSize;
    }

    /// <summary>The allocator the blocks come from.</summary>
    public TInner Inner => _inner.Inner;

    /// <summary>What a block was taken with, or last resized to.</summary>
    public static Layout LayoutOf(void* block) => Remembered(block);

    /// <inheritdoc/>
    public void* Allocate(Layout layout) => Remember(_inner.Allocate(layout), layout);

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => Remember(_inner.AllocateZeroed(layout), layout);

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            _inner.Deallocate(block, Remembered(block));
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        Layout old = block == null ? layout : Remembered(block);
        return Layout.TryCreate(newSize, old.Alignment, out Layout newLayout)
            ? Remember(_inner.Reallocate(block, old, newSize), newLayout)
            : null;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        Layout old = Remembered(block);
        bool resized = Layout.TryCreate(newSize, old.Alignment, out Layout newLayout)
            && _inner.TryResize(block, old, newSize);
        if (resized)
        {
            Remembered(block) = newLayout;
        }

        return resized;
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _inner.UsableSize(block, Remembered(block));

    /// <inheritdoc/>
    public bool Owns(void* block) => _inner.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll() => _inner.DeallocateAll();

    private static ref Layout Remembered(void* block) => ref Prefixed<TInner, Layout>.PrefixOf(block);

    private static void* Remember(void* block, Layout layout)
    {
        if (block != null)
        {
            Remembered(block) = layout;
        }

        return block;
    }
}
