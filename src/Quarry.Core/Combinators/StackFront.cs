namespace Quarry;

/// <summary>The first bytes from a buffer on the caller's stack, the rest from another allocator.</summary>
/// <remarks>
/// <para>
/// Serves a method that mostly needs little: then no heap is touched at all. The buffer is a
/// <see cref="FixedBuffer"/>, so it must not be left before the last block is given back, and one thread may use
/// it at a time. Any other memory that lives long enough will do as well.
/// </para>
/// <para>
/// Some ten instructions for a block of the buffer; one comparison of addresses to give a block back. The value
/// has no state outside the buffer and nothing to dispose. After D's <c>StackFront</c>.
/// </para>
/// </remarks>
/// <typeparam name="TInner">Serves what no longer fits the buffer.</typeparam>
public readonly unsafe partial struct StackFront<TInner> : IAllocator where TInner : unmanaged, IAllocator
{
    private readonly Fallback<FixedBuffer, TInner> _parts;

    private StackFront(Fallback<FixedBuffer, TInner> parts) => _parts = parts;

    /// <inheritdoc/>
    public static AllocatorTraits Traits => Fallback<FixedBuffer, TInner>.Traits;

    /// <summary>The buffer, with its figures.</summary>
    public FixedBuffer Buffer => _parts.Primary;

    /// <summary>The allocator behind the buffer.</summary>
    public TInner Inner => _parts.Secondary;

    /// <summary>Puts a buffer in front of an allocator that stays the caller's, and must outlive the value.</summary>
    /// <param name="inner">Serves what no longer fits the buffer.</param>
    /// <param name="buffer">From <c>stackalloc</c>, say. Nobody else may write to it.</param>
    /// <param name="size">Its size in bytes; <see cref="FixedBuffer.OverheadBytes"/> of them are for the state.</param>
    /// <param name="value">The allocator.</param>
    /// <returns>False if the buffer is null or cannot even hold the state.</returns>
    public static bool TryCreate(TInner inner, void* buffer, nuint size, out StackFront<TInner> value)
    {
        Fallback<FixedBuffer, TInner> parts = default;
        bool created = FixedBuffer.TryCreate(buffer, size, out FixedBuffer front)
            && Fallback<FixedBuffer, TInner>.TryCreate(front, inner, out parts);
        value = new StackFront<TInner>(parts);
        return created;
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout) => _parts.Allocate(layout);

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => _parts.AllocateZeroed(layout);

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout) => _parts.Deallocate(block, layout);

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        _parts.Reallocate(block, layout, newSize);

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        _parts.TryResize(block, layout, newSize);

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _parts.UsableSize(block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) => _parts.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll() => _parts.DeallocateAll();
}
