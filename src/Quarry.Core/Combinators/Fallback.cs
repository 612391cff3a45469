using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Allocates from a primary allocator, and from a secondary one when the primary one fails.
/// </summary>
/// <remarks>
/// <para>
/// A block must be freed by the allocator that it came from, so at least one of the two must have
/// <see cref="AllocatorTraits.KnowsOwnership"/>. If neither type has it, <see cref="TryCreate"/> always
/// returns <see langword="false"/> and the constructor always throws, so the first run reveals the mistake.
/// </para>
/// <para>
/// The cost is a comparison with null to allocate, and one call of <c>Owns</c> to free: that of the primary
/// allocator, if it has the trait. A block of the secondary allocator stays there when it is resized. After
/// D's <c>FallbackAllocator</c>.
/// </para>
/// </remarks>
/// <typeparam name="TPrimary">The type of the primary allocator.</typeparam>
/// <typeparam name="TSecondary">The type of the secondary allocator.</typeparam>
public readonly unsafe partial struct Fallback<TPrimary, TSecondary> : IAllocator
    where TPrimary : unmanaged, IAllocator
    where TSecondary : unmanaged, IAllocator
{
    private const AllocatorTraits Ownership = AllocatorTraits.KnowsOwnership;

    private readonly TPrimary _primary;
    private readonly TSecondary _secondary;

    private Fallback((TPrimary Primary, TSecondary Secondary) parts)
    {
        _primary = parts.Primary;
        _secondary = parts.Secondary;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get =>
            (TPrimary.Traits & TSecondary.Traits)
            | ((TPrimary.Traits | TSecondary.Traits) & AllocatorTraits.ResizesInPlace);
    }

    /// <summary>Gets the primary allocator.</summary>
    public TPrimary Primary => _primary;

    /// <summary>Gets the secondary allocator.</summary>
    public TSecondary Secondary => _secondary;

    private static bool CanRoute
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ((TPrimary.Traits | TSecondary.Traits) & Ownership) != 0;
    }

    /// <summary>Creates an allocator over two others.</summary>
    /// <param name="primary">
    /// The primary allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="secondary">
    /// The secondary allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="value">The created allocator.</param>
    /// <returns>
    /// <see langword="false"/> if neither allocator has <see cref="AllocatorTraits.KnowsOwnership"/>.
    /// </returns>
    public static bool TryCreate(
        TPrimary primary, TSecondary secondary, out Fallback<TPrimary, TSecondary> value)
    {
        value = CanRoute ? new Fallback<TPrimary, TSecondary>((primary, secondary)) : default;
        return CanRoute;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout)
    {
        void* block = _primary.Allocate(layout);
        return block != null || !CanRoute ? block : _secondary.Allocate(layout);
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        void* block = _primary.AllocateZeroed(layout);
        return block != null || !CanRoute ? block : _secondary.AllocateZeroed(layout);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deallocate(void* block, Layout layout)
    {
        if (IsPrimary(block))
        {
            _primary.Deallocate(block, layout);
        }
        else
        {
            _secondary.Deallocate(block, layout);
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        if (block == null)
        {
            return Layout.TryCreate(newSize, layout.Alignment, out Layout fresh) ? Allocate(fresh) : null;
        }

        if (!IsPrimary(block))
        {
            return _secondary.Reallocate(block, layout, newSize);
        }

        void* resized = _primary.Reallocate(block, layout, newSize);
        return resized != null || !CanRoute
            ? resized
            : Transfer.Move(_primary, _secondary, block, layout, newSize);
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        if ((Traits & AllocatorTraits.ResizesInPlace) == 0)
        {
            return false;
        }

        return IsPrimary(block)
            ? _primary.TryResize(block, layout, newSize)
            : _secondary.TryResize(block, layout, newSize);
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) =>
        IsPrimary(block) ? _primary.UsableSize(block, layout) : _secondary.UsableSize(block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) =>
        (Traits & Ownership) != 0 && (_primary.Owns(block) || _secondary.Owns(block));

    /// <inheritdoc/>
    public void DeallocateAll()
    {
        if ((Traits & AllocatorTraits.DeallocatesAll) != 0)
        {
            _primary.DeallocateAll();
            _secondary.DeallocateAll();
        }
    }

    private bool IsPrimary(void* block) => (TPrimary.Traits & Ownership) != 0
        ? _primary.Owns(block)
        : (TSecondary.Traits & Ownership) == 0 || !_secondary.Owns(block);
}
