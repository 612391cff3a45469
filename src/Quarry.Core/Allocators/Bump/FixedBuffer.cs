using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Allocates from memory of the caller: a static array, the stack, or a part of a larger block.
/// </summary>
/// <remarks>
/// <para>
/// Blocks are allocated one after another. The last one can grow and shrink in place, and can be freed; all
/// others remain until <see cref="DeallocateAll"/>. When the buffer is exhausted, requests return null. The
/// operating system is not called: the state is in the first three words of the buffer. Nothing needs
/// disposal; the allocator ends with the buffer.
/// </para>
/// <para>
/// A value is a pointer, and its copies are the same allocator. It is for one thread at a time. Allocating
/// takes about ten instructions. The default value has no buffer, and must not be used.
/// </para>
/// </remarks>
public readonly unsafe partial struct FixedBuffer : IAllocator
{
    private readonly BumpRange* _range;

    private FixedBuffer(BumpRange* range) => _range = range;

    /// <inheritdoc/>
    public static AllocatorTraits Traits =>
        AllocatorTraits.ResizesInPlace | AllocatorTraits.KnowsOwnership | AllocatorTraits.DeallocatesAll;

    /// <summary>
    /// Gets the number of bytes of the buffer that the state occupies, if the buffer is aligned to 8 bytes.
    /// </summary>
    public static nuint OverheadBytes => (nuint)sizeof(BumpRange);

    /// <summary>Gets the number of bytes that blocks and the padding between them occupy.</summary>
    public nuint UsedBytes => _range->Next - Start;

    /// <summary>Gets the maximum number of bytes that blocks can occupy.</summary>
    public nuint CapacityBytes => _range->End - Start;

    private nuint Start => (nuint)(_range + 1);

    /// <summary>Creates an allocator over a buffer.</summary>
    /// <param name="buffer">
    /// The buffer, for the exclusive use of the allocator. It need not be cleared.
    /// </param>
    /// <param name="size">The size of the buffer, in bytes.</param>
    /// <param name="value">The created allocator.</param>
    /// <returns><see langword="false"/> if the buffer is null or too small for the state.</returns>
    public static bool TryCreate(void* buffer, nuint size, out FixedBuffer value)
    {
        nuint end = (nuint)buffer + size;
        nuint state = Layout.AlignUp((nuint)buffer, (nuint)sizeof(nuint));
        bool valid = buffer != null && end >= state && end - state >= OverheadBytes;
        value = default;
        if (valid)
        {
            // The previous contents are unknown, so the whole buffer is dirty.
            *(BumpRange*)state = new BumpRange { Next = state + OverheadBytes, End = end, Dirty = end };
            value = new FixedBuffer((BumpRange*)state);
        }

        return valid;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout) =>
        BumpRange.TryAllocate<Local>(_range, layout.Size, layout.Alignment - 1, out void* block)
            ? block
            : null;

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) =>
        BumpRange.Clear<Local>(_range, Allocate(layout), layout.Size);

    /// <inheritdoc/>
    /// <remarks>Only the last block is reused.</remarks>
    public void Deallocate(void* block, Layout layout) => BumpRange.Free<Local>(_range, block, layout.Size);

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        AllocatorDefaults.Reallocate(this, block, layout, newSize);

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        BumpRange.TryResize<Local>(_range, _range->End, block, layout.Size, newSize);

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    /// <inheritdoc/>
    public bool Owns(void* block) => (nuint)block - Start < UsedBytes;

    /// <inheritdoc/>
    public void DeallocateAll()
    {
        FreedBlocks.Pass(Start, _range->Next);
        _range->Next = Start;
    }
}
