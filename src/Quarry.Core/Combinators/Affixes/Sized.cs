using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Stores the layout of each block, for an inner allocator that does not know it.</summary>
/// <remarks>
/// A block can then be freed and resized by its address alone, so any allocator can implement <c>malloc</c>
/// and <c>free</c>. The cost is 16 bytes before each block; more if its alignment is greater than 16.
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
public readonly unsafe partial struct Sized<TInner> : IAllocator where TInner : unmanaged, IAllocator
{
    private readonly Prefixed<TInner, Layout> _inner;

    /// <summary>
    /// Initializes a new instance over an allocator, which is not disposed with this one, and must outlive
    /// it.
    /// </summary>
    public Sized(TInner inner) => _inner = new(inner);

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Prefixed<TInner, Layout>.Traits | AllocatorTraits.KnowsSize;
    }

    /// <summary>Gets the inner allocator.</summary>
    public TInner Inner => _inner.Inner;

    /// <summary>Returns the layout that a block was allocated with, or last resized to.</summary>
    public static Layout LayoutOf(void* block) => Header(block);

    /// <inheritdoc/>
    public void* Allocate(Layout layout) => WriteHeader(_inner.Allocate(layout), layout);

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => WriteHeader(_inner.AllocateZeroed(layout), layout);

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            _inner.Deallocate(block, Header(block));
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        Layout old = block == null ? layout : Header(block);
        return Layout.TryCreate(newSize, old.Alignment, out Layout newLayout)
            ? WriteHeader(_inner.Reallocate(block, old, newSize), newLayout)
            : null;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        Layout old = Header(block);
        bool resized = Layout.TryCreate(newSize, old.Alignment, out Layout newLayout)
            && _inner.TryResize(block, old, newSize);
        if (resized)
        {
            Header(block) = newLayout;
        }

        return resized;
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _inner.UsableSize(block, Header(block));

    /// <inheritdoc/>
    public bool Owns(void* block) => _inner.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll() => _inner.DeallocateAll();

    private static ref Layout Header(void* block) => ref Prefixed<TInner, Layout>.PrefixOf(block);

    private static void* WriteHeader(void* block, Layout layout)
    {
        if (block != null)
        {
            Header(block) = layout;
        }

        return block;
    }
}
