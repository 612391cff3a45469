using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Allocates small blocks from one allocator, and large blocks from another.</summary>
/// <remarks>
/// <para>
/// The size of a block determines the allocator, so the layout passed in must be accurate; use
/// <see cref="Sized{TInner}"/> in front if the caller does not know the size. A block that is resized across
/// the threshold moves.
/// </para>
/// <para>
/// The cost is one comparison with a constant. For more than two ranges of sizes, use another
/// <see cref="Segregate{TSmall, TLarge, TThreshold}"/> as one of the parts. After D's <c>Segregator</c>.
/// </para>
/// </remarks>
/// <typeparam name="TSmall">The type of the allocator for sizes up to the threshold.</typeparam>
/// <typeparam name="TLarge">The type of the allocator for sizes above the threshold.</typeparam>
/// <typeparam name="TThreshold">The largest small size.</typeparam>
public readonly unsafe partial struct Segregate<TSmall, TLarge, TThreshold> : IAllocator
    where TSmall : unmanaged, IAllocator
    where TLarge : unmanaged, IAllocator
    where TThreshold : struct, IByteCount
{
    private readonly TSmall _small;
    private readonly TLarge _large;

    /// <summary>
    /// Initializes a new instance over two allocators, which are not disposed with this one, and must outlive
    /// it.
    /// </summary>
    public Segregate(TSmall small, TLarge large)
    {
        _small = small;
        _large = large;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get =>
            (TSmall.Traits & TLarge.Traits & ~AllocatorTraits.KnowsSize)
            | ((TSmall.Traits | TLarge.Traits) & AllocatorTraits.ResizesInPlace);
    }

    /// <summary>Gets the allocator for small blocks.</summary>
    public TSmall Small => _small;

    /// <summary>Gets the allocator for large blocks.</summary>
    public TLarge Large => _large;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout) =>
        IsSmall(layout.Size) ? _small.Allocate(layout) : _large.Allocate(layout);

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) =>
        IsSmall(layout.Size) ? _small.AllocateZeroed(layout) : _large.AllocateZeroed(layout);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deallocate(void* block, Layout layout)
    {
        if (IsSmall(layout.Size))
        {
            _small.Deallocate(block, layout);
        }
        else
        {
            _large.Deallocate(block, layout);
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        if (block == null)
        {
            return Layout.TryCreate(newSize, layout.Alignment, out Layout fresh) ? Allocate(fresh) : null;
        }

        bool isSmall = IsSmall(layout.Size);
        if (isSmall == IsSmall(newSize))
        {
            return isSmall
                ? _small.Reallocate(block, layout, newSize)
                : _large.Reallocate(block, layout, newSize);
        }

        return isSmall
            ? Transfer.Move(_small, _large, block, layout, newSize)
            : Transfer.Move(_large, _small, block, layout, newSize);
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        bool isSmall = IsSmall(layout.Size);
        if ((TSmall.Traits & AllocatorTraits.ResizesInPlace) != 0 && isSmall)
        {
            return IsSmall(newSize) && _small.TryResize(block, layout, newSize);
        }

        if ((TLarge.Traits & AllocatorTraits.ResizesInPlace) != 0 && !isSmall)
        {
            return !IsSmall(newSize) && _large.TryResize(block, layout, newSize);
        }

        return false;
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) =>
        IsSmall(layout.Size) ? _small.UsableSize(block, layout) : _large.UsableSize(block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) =>
        (Traits & AllocatorTraits.KnowsOwnership) != 0 && (_small.Owns(block) || _large.Owns(block));

    /// <inheritdoc/>
    public void DeallocateAll()
    {
        if ((Traits & AllocatorTraits.DeallocatesAll) != 0)
        {
            _small.DeallocateAll();
            _large.DeallocateAll();
        }
    }

    private static bool IsSmall(nuint size) => size <= TThreshold.Bytes;
}
