using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Serves from memory that the caller has: a static array, the stack, a part of a larger block.
/// </summary>
/// <remarks>
/// <para>
/// Blocks follow each other; the last one grows and shrinks in place and can be given back, the others stay
/// until <see cref="DeallocateAll"/>. Exhaustion is null. Nothing is asked of an operating system: the
/// state is the first three words of the buffer, so it ends with the buffer, and there is nothing to
/// dispose.
/// </para>
/// <para>
/// A value is a pointer and its copies are the same buffer. One thread at a time. Taking a block costs some
/// ten instructions. The default value has no buffer and must not be used.
/// </para>
/// </remarks>
public readonly unsafe partial struct FixedBuffer : IAllocator
{
    private readonly BumpRange* _range;

    private FixedBuffer(BumpRange* range) => _range = range;

    /// <inheritdoc/>
    public static AllocatorTraits Traits =>
        AllocatorTraits.ResizesInPlace | AllocatorTraits.KnowsOwnership | AllocatorTraits.DeallocatesAll;

    /// <summary>What the state takes of the buffer, in bytes, if it begins at a multiple of 8.</summary>
    public static nuint OverheadBytes => (nuint)sizeof(BumpRange);

    /// <summary>Bytes that blocks and the padding between them take.</summary>
    public nuint UsedBytes => _range->Next - Start;

    /// <summary>Bytes that blocks can take at most.</summary>
    public nuint CapacityBytes => _range->End - Start;

    private nuint Start => (nuint)(_range + 1);

    /// <summary>Serves from <paramref name="size"/> bytes at <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Stays the caller's; nobody else may write to it. Need not be cleared.</param>
    /// <param name="size">In bytes.</param>
    /// <param name="value">The allocator.</param>
    /// <returns>False if the buffer is null or cannot even hold the state.</returns>
    public static bool TryCreate(void* buffer, nuint size, out FixedBuffer value)
    {
        nuint end = (nuint)buffer + size;
        nuint state = Layout.AlignUp((nuint)buffer, (nuint)sizeof(nuint));
        bool valid = buffer != null && end >= state && end - state >= OverheadBytes;
        value = default;
        if (valid)
        {
            // What the buffer held before is not known to be zero, so all of it is dirty.
            *(BumpRange*)state = new BumpRange { Next = state + OverheadBytes, End = end, Dirty = end };
            value = new FixedBuffer((BumpRange*)state);
        }

        return valid;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout) =>
        BumpRange.TryTake<Local>(_range, layout.Size, layout.Alignment - 1, out void* block) ? block : null;

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) =>
        BumpRange.Clear<Local>(_range, Allocate(layout), layout.Size);

    /// <inheritdoc/>
    /// <remarks>Only the last block is used again.</remarks>
    public void Deallocate(void* block, Layout layout) => BumpRange.Give<Local>(_range, block, layout.Size);

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
    public void DeallocateAll() => _range->Next = Start;
}
