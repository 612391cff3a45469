namespace Quarry;

/// <summary>One allocator as long as it can serve, another one when it cannot.</summary>
/// <remarks>
/// <para>
/// A block goes back to where it came from, and only the allocators themselves can tell: one of the two has
/// to know what it owns. If neither does there is no such value. <see cref="TryCreate"/> answers false and
/// the constructor throws, whatever the arguments, so the first run shows it.
/// </para>
/// <para>
/// Costs a comparison with null to take a block, and one question of ownership to give it back: ask
/// that of the allocator that answers cheaply. A block of the second stays there when it is resized. After
/// D's <c>FallbackAllocator</c>.
/// </para>
/// </remarks>
/// <typeparam name="TPrimary">Is asked first.</typeparam>
/// <typeparam name="TSecondary">Is asked when the first one has answered null.</typeparam>
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
    public static AllocatorTraits Traits =>
        (TPrimary.Traits & TSecondary.Traits)
        | ((TPrimary.Traits | TSecondary.Traits) & AllocatorTraits.ResizesInPlace);

    /// <summary>The allocator that is asked first.</summary>
    public TPrimary Primary => _primary;

    /// <summary>The allocator that stands in.</summary>
    public TSecondary Secondary => _secondary;

    private static bool TellsApart => ((TPrimary.Traits | TSecondary.Traits) & Ownership) != 0;

    /// <summary>Serves from both. They stay the caller's, and must outlive the value.</summary>
    /// <returns>False if neither allocator knows what it owns.</returns>
    public static bool TryCreate(
        TPrimary primary, TSecondary secondary, out Fallback<TPrimary, TSecondary> value)
    {
        value = TellsApart ? new Fallback<TPrimary, TSecondary>((primary, secondary)) : default;
        return TellsApart;
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        void* block = _primary.Allocate(layout);
        return block != null || !TellsApart ? block : _secondary.Allocate(layout);
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        void* block = _primary.AllocateZeroed(layout);
        return block != null || !TellsApart ? block : _secondary.AllocateZeroed(layout);
    }

    /// <inheritdoc/>
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
        return resized != null || !TellsApart
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
