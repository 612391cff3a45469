using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Memory for what ends together: blocks are taken one by one and given back all at once.</summary>
/// <remarks>
/// <para>
/// An arena takes chunks, each twice as large as the one before, and hands them out from start to end: taking
/// a block rounds a cursor up and adds the size, some ten instructions. Giving one back is a no-op, unless it
/// is the last, which also grows and shrinks in place. <see cref="Reset()"/> gives back everything, and
/// <see cref="TryRewind"/> what was taken since a mark; chunks are kept for the next round as the
/// <see cref="Retention"/> says. A limit makes exhaustion null, as does a source that has no more.
/// </para>
/// <para>
/// A value is a handle, its copies are the same arena. One thread at a time; see <c>ArenaPool</c> for many. A
/// disposed arena serves null; the default value is no arena and must not be asked for memory.
/// </para>
/// </remarks>
public readonly unsafe partial struct Arena : IAllocator
{
    private readonly StateHandle<ArenaState> _handle;

    private Arena(StateHandle<ArenaState> handle) => _handle = handle;

    /// <inheritdoc/>
    public static AllocatorTraits Traits =>
        AllocatorTraits.ResizesInPlace | AllocatorTraits.KnowsOwnership | AllocatorTraits.DeallocatesAll;

    /// <summary>Whether it was made and not disposed of.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Bytes that blocks and the padding between them take.</summary>
    public nuint UsedBytes => IsAlive ? ArenaState.Used(State) : 0;

    /// <summary>Bytes that blocks can take in the chunks there are, spare ones included.</summary>
    public nuint AllocatedBytes =>
        IsAlive ? State->Held - (State->ChunkCount * (nuint)sizeof(ArenaChunk)) : 0;

    /// <summary>
    /// Bytes of the chunks there are: what the arena took from its source, and the limit is on.
    /// </summary>
    public nuint AllocatedBytesWithMetadata => IsAlive ? State->Held : 0;

    private ArenaState* State => _handle.Pointer;

    private BumpRange* Range => (BumpRange*)_handle.Pointer;

    /// <summary>Makes an arena whose chunks are the system's pages.</summary>
    /// <returns>False if an option is no good, or the system has no memory.</returns>
    public static bool TryCreate(ArenaOptions options, out Arena value) =>
        TryCreate(new PageAllocator(), options, out value);

    /// <summary>Makes an arena whose chunks come from any allocator.</summary>
    /// <param name="inner">Stays the caller's, and must outlive the arena.</param>
    /// <param name="options">Limit, sizes of chunks and alignment.</param>
    /// <param name="value">The arena.</param>
    /// <returns>False if an option is no good, or the system has no memory.</returns>
    public static bool TryCreate<TInner>(TInner inner, ArenaOptions options, out Arena value)
        where TInner : unmanaged, IAllocator
    {
        value = default;
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
        && BumpRange.TryTake<Local>(Range, layout.Size, layout.Alignment - 1, out void* block)
            ? block
            : AllocateSlow(_handle, layout);

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => AllocatorDefaults.AllocateZeroed(this, layout);

    /// <inheritdoc/>
    /// <remarks>Only the last block is used again.</remarks>
    public void Deallocate(void* block, Layout layout)
    {
        if (IsAlive)
        {
            BumpRange.Give<Local>(Range, block, layout.Size);
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
    /// <remarks>The cost grows with the number of chunks.</remarks>
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

    // Takes the handle, not this: a struct whose address is taken stays out of the registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateSlow(StateHandle<ArenaState> handle, Layout layout) =>
        handle.IsAlive ? ArenaState.AllocateSlow(handle.Pointer, layout) : null;
}
