using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Allocates from a buffer on the stack first, and from another allocator when the buffer is exhausted.
/// </summary>
/// <remarks>
/// <para>
/// For methods that usually need little memory, which then use no heap. The buffer is managed by a
/// <see cref="FixedBuffer"/>, so it must outlive all blocks, and only one thread at a time may use it. Any
/// other memory that lives long enough can be used as well.
/// </para>
/// <para>
/// A block of the buffer costs as much as with <see cref="FixedBuffer"/>; freeing takes one more comparison.
/// The value has no state outside the buffer, and needs no disposal. After D's <c>StackFront</c>.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The type of the allocator that is used when the buffer is exhausted.</typeparam>
public readonly unsafe partial struct StackFront<TInner> : IAllocator where TInner : unmanaged, IAllocator
{
    private readonly Fallback<FixedBuffer, TInner> _parts;

    private StackFront(Fallback<FixedBuffer, TInner> parts) => _parts = parts;

    /// <inheritdoc/>
    public static AllocatorTraits Traits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Fallback<FixedBuffer, TInner>.Traits;
    }

    /// <summary>Gets the allocator of the buffer.</summary>
    public FixedBuffer Buffer => _parts.Primary;

    /// <summary>Gets the allocator that is used when the buffer is exhausted.</summary>
    public TInner Inner => _parts.Secondary;

    /// <summary>Creates an allocator with a buffer in front of another one.</summary>
    /// <param name="inner">
    /// The allocator to use when the buffer is exhausted. It is not disposed with this one, and must outlive
    /// it.
    /// </param>
    /// <param name="buffer">
    /// The buffer, from <c>stackalloc</c> for example, for the exclusive use of the allocator.
    /// </param>
    /// <param name="size">
    /// The size of the buffer, in bytes; <see cref="FixedBuffer.OverheadBytes"/> of them hold the state.
    /// </param>
    /// <param name="value">The created allocator.</param>
    /// <returns><see langword="false"/> if the buffer is null or too small for the state.</returns>
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
