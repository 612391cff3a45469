using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Allocates blocks one by one, and frees them all at once.</summary>
/// <remarks>
/// <para>
/// An arena allocates from chunks, each twice as large as the one before. Allocating rounds a cursor up to
/// the alignment and adds the size, about ten instructions. Freeing does nothing, unless the block is the
/// last one, which can also grow and shrink in place. <see cref="Reset()"/> frees all blocks,
/// <see cref="TryRewind"/> those allocated since a mark; chunks are kept for reuse according to a
/// <see cref="Retention"/>. When the limit is reached or the inner allocator is out of memory, requests
/// return null.
/// </para>
/// <para>
/// A value is a handle, and its copies are the same arena. An arena is for one thread at a time; see
/// <c>ArenaPool</c> for several threads. Requests to a disposed arena return null; the default value is not
/// an arena, and must not be used.
/// </para>
/// </remarks>
public readonly unsafe partial struct Arena : IAllocator
{
    private readonly StateHandle<ArenaState> _handle;

    private Arena(StateHandle<ArenaState> handle) => _handle = handle;

    /// <inheritdoc/>
    public static AllocatorTraits Traits =>
        AllocatorTraits.ResizesInPlace | AllocatorTraits.KnowsOwnership | AllocatorTraits.DeallocatesAll;

    /// <summary>Gets a value that indicates whether the arena was created and is not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Gets the number of bytes that blocks and the padding between them occupy.</summary>
    public nuint UsedBytes => IsAlive ? ArenaState.Used(State) : 0;

    /// <summary>
    /// Gets the number of bytes that blocks can occupy in the current chunks, including spare ones.
    /// </summary>
    public nuint AllocatedBytes =>
        IsAlive ? State->Held - (State->ChunkCount * (nuint)sizeof(ArenaChunk)) : 0;

    /// <summary>
    /// Gets the total size of the chunks, in bytes: the memory allocated from the inner allocator, to which
    /// the limit applies.
    /// </summary>
    public nuint AllocatedBytesWithMetadata => IsAlive ? State->Held : 0;

    private ArenaState* State => _handle.Pointer;

    private BumpRange* Range => (BumpRange*)_handle.Pointer;

    /// <summary>Creates an arena over the pages of the operating system.</summary>
    /// <param name="options">The limit, the sizes of chunks, and the alignment.</param>
    /// <param name="value">The created arena.</param>
    /// <returns><see langword="false"/> if an option is invalid, or the system is out of memory.</returns>
    public static bool TryCreate(ArenaOptions options, out Arena value) =>
        TryCreate(new PageAllocator(), options, out value);

    /// <summary>Creates an arena over any allocator.</summary>
    /// <param name="inner">
    /// The allocator of the chunks. It is not disposed with the arena, and must outlive it.
    /// </param>
    /// <param name="options">The limit, the sizes of chunks, and the alignment.</param>
    /// <param name="value">The created arena.</param>
    /// <returns><see langword="false"/> if an option is invalid, or the system is out of memory.</returns>
    public static bool TryCreate<TInner>(TInner inner, ArenaOptions options, out Arena value)
        where TInner : unmanaged, IAllocator
    {
        value = default;
        options = options.OrDefaults();
        if (!options.AreValid || !StateHandle<ArenaState>.TryCreate(out StateHandle<ArenaState> handle))
        {
            return false;
        }

        if (!ArenaSource.TryCreate(inner, &handle.Pointer->Source))
        {
            _ = handle.TryRetire();
            handle.Release();
            return false;
        }

        handle.Pointer->Options = options;
        handle.Pointer->NextChunk = options.FirstChunkBytes;
        handle.Pointer->AlignmentMask = options.MinAlignment - 1;
        value = new Arena(handle);
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout) =>
        _handle.IsCurrent
        && BumpRange.TryAllocate<Local>(Range, layout.Size, layout.Alignment - 1, out void* block)
            ? block
            : AllocateSlow(_handle, layout);

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => AllocatorDefaults.AllocateZeroed(this, layout);

    /// <inheritdoc/>
    /// <remarks>Only the last block is reused.</remarks>
    public void Deallocate(void* block, Layout layout)
    {
        if (IsAlive)
        {
            BumpRange.Free<Local>(Range, block, layout.Size);
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        AllocatorDefaults.Reallocate(this, block, layout, newSize);

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        IsAlive && ArenaState.TryResize(State, block, layout.Size, newSize);

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    /// <inheritdoc/>
    /// <remarks>The cost is proportional to the number of chunks.</remarks>
    public bool Owns(void* block)
    {
        ArenaChunk* chunk = IsAlive ? State->Current : null;
        nuint end = chunk == null ? 0 : Range->Next;
        while (chunk != null)
        {
            nuint start = ArenaChunk.BlocksStart(chunk);
            if ((nuint)block - start < end - start)
            {
                return true;
            }

            chunk = chunk->Previous;
            end = chunk == null ? 0 : chunk->BlocksEnd;
        }

        return false;
    }

    /// <inheritdoc/>
    public void DeallocateAll() => Reset();

    // Static, with the handle as an argument: a struct whose address is taken is not kept in registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateSlow(StateHandle<ArenaState> handle, Layout layout) =>
        handle.IsAlive ? ArenaState.AllocateSlow(handle.Pointer, layout) : null;
}
