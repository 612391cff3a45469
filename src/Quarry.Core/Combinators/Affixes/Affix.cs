using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Values of the caller's around each block: one in front of it, one behind.</summary>
/// <remarks>
/// <see cref="Prefixed{TInner, TPrefix}"/> and <see cref="Suffixed{TInner, TSuffix}"/> in one; use these
/// where one side is enough. After D's <c>AffixAllocator</c>.
/// </remarks>
/// <typeparam name="TInner">The allocator the blocks come from.</typeparam>
/// <typeparam name="TPrefix">The value in front.</typeparam>
/// <typeparam name="TSuffix">The value behind.</typeparam>
public readonly unsafe struct Affix<TInner, TPrefix, TSuffix> : IAllocator
    where TInner : unmanaged, IAllocator
    where TPrefix : unmanaged
    where TSuffix : unmanaged
{
    private readonly Prefixed<Suffixed<TInner, TSuffix>, TPrefix> _inner;

    /// <summary>Serves from an allocator that stays the caller's, and must outlive this.</summary>
    public Affix(TInner inner) => _inner = new(new(inner));

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Prefixed<Suffixed<TInner, TSuffix>, TPrefix>.Traits;
    }

    /// <summary>The allocator the blocks come from.</summary>
    public TInner Inner => _inner.Inner.Inner;

    /// <summary>The value in front of a block; valid as long as the block is.</summary>
    public static ref TPrefix PrefixOf(void* block) =>
        ref Prefixed<Suffixed<TInner, TSuffix>, TPrefix>.PrefixOf(block);

    /// <summary>The value behind a block; valid as long as the block is and has that size.</summary>
    public static ref TSuffix SuffixOf(void* block, Layout layout)
    {
        void* start = Prefixed<Suffixed<TInner, TSuffix>, TPrefix>.StartOf(block, layout, out Layout outer);
        return ref Suffixed<TInner, TSuffix>.SuffixOf(start, outer);
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout) => _inner.Allocate(layout);

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => _inner.AllocateZeroed(layout);

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout) => _inner.Deallocate(block, layout);

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        _inner.Reallocate(block, layout, newSize);

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        _inner.TryResize(block, layout, newSize);

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _inner.UsableSize(block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) => _inner.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll() => _inner.DeallocateAll();
}
