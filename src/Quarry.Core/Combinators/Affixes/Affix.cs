using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Stores a value before each block, and another one after it.</summary>
/// <remarks>
/// A combination of <see cref="Prefixed{TInner, TPrefix}"/> and <see cref="Suffixed{TInner, TSuffix}"/>; use
/// one of them if one value is enough. After D's <c>AffixAllocator</c>.
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
/// <typeparam name="TPrefix">The type of the value before a block.</typeparam>
/// <typeparam name="TSuffix">The type of the value after a block.</typeparam>
public readonly unsafe partial struct Affix<TInner, TPrefix, TSuffix> : IAllocator
    where TInner : unmanaged, IAllocator
    where TPrefix : unmanaged
    where TSuffix : unmanaged
{
    // The two are separate implementations, as they have little in common: a prefix changes the address of
    // the block, and stays in place when the block is resized; a suffix does not change the address, and has
    // to be moved.
    private readonly Prefixed<Suffixed<TInner, TSuffix>, TPrefix> _inner;

    /// <summary>
    /// Initializes a new instance over an allocator, which is not disposed with this one, and must outlive
    /// it.
    /// </summary>
    public Affix(TInner inner) => _inner = new(new(inner));

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Prefixed<Suffixed<TInner, TSuffix>, TPrefix>.Traits;
    }

    /// <summary>Gets the inner allocator.</summary>
    public TInner Inner => _inner.Inner.Inner;

    /// <summary>Returns a reference to the value before a block. It is valid as long as the block.</summary>
    public static ref TPrefix PrefixOf(void* block) =>
        ref Prefixed<Suffixed<TInner, TSuffix>, TPrefix>.PrefixOf(block);

    /// <summary>
    /// Returns a reference to the value after a block. It is valid until the block is resized or freed.
    /// </summary>
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
