namespace Quarry;

/// <summary>The state of an <see cref="Arena"/>.</summary>
/// <remarks>
/// Each chunk is in one of two lists: the chunks in use, newest first, of which only the newest is allocated
/// from; and the spare chunks, which are empty.
/// </remarks>
internal unsafe struct ArenaState
{
    /// <summary>
    /// The free memory of the current chunk. The first field, as the fast path accesses it. If the arena has
    /// a minimum alignment, its end is 0, so that every request takes the slow path, and the fast path need
    /// not test for the alignment.
    /// </summary>
    public BumpRange Range;

    /// <summary>The minimum alignment of all blocks, minus 1.</summary>
    public nuint AlignmentMask;

    /// <summary>The current chunk; null before the first allocation.</summary>
    public ArenaChunk* Current;

    /// <summary>The empty chunks.</summary>
    public ArenaChunk* Spare;

    /// <summary>The callbacks to run before memory is freed, newest first.</summary>
    public ArenaCleanup* Cleanups;

    /// <summary>The total size of the chunks, in bytes, including spare ones and headers.</summary>
    public nuint Held;

    /// <summary>The number of all chunks.</summary>
    public nuint ChunkCount;

    /// <summary>The number of bytes that blocks occupy in the chunks before the current one.</summary>
    public nuint UsedBefore;

    /// <summary>
    /// The maximum number of bytes that blocks occupied since the last reset, as of the last rewind.
    /// </summary>
    public nuint Peak;

    /// <summary>The number of bytes to keep with <see cref="Retention.Recent"/>.</summary>
    public nuint Recent;

    /// <summary>The number of resets and rewinds.</summary>
    public nuint Time;

    /// <summary>The value of <see cref="Time"/> after the last reset. Earlier marks are invalid.</summary>
    public nuint LastReset;

    /// <summary>The number of scopes that have begun and not ended.</summary>
    public nuint Scopes;

    /// <summary>The size of the next chunk, in bytes.</summary>
    public nuint NextChunk;

    public ArenaOptions Options;

    public ArenaSource Source;

    /// <summary>The rewinds since the last reset.</summary>
    public ArenaRewinds Rewinds;

    /// <summary>Returns the number of bytes that blocks and the padding between them occupy.</summary>
    internal static nuint Used(ArenaState* state) => state->UsedBefore + UsedInCurrent(state);

    /// <summary>Allocates a block that does not fit on the fast path.</summary>
    internal static void* AllocateSlow(ArenaState* state, Layout layout)
    {
        nuint mask = (layout.Alignment - 1) | state->AlignmentMask;
        void* block = AllocateFromCurrent(state, layout.Size, mask);
        if (block != null)
        {
            return block;
        }

        nuint needed = (nuint)sizeof(ArenaChunk) + mask + BumpRange.Occupied(layout.Size);
        ArenaChunk* chunk = PopSpare(state, needed);
        if (chunk == null)
        {
            chunk = AllocateChunk(state, needed);
        }

        if (chunk == null)
        {
            return null;
        }

        if (state->Current != null)
        {
            state->UsedBefore += UsedInCurrent(state);
            state->Current->BlocksEnd = state->Range.Next;
        }

        chunk->Previous = state->Current;
        state->Current = chunk;
        SetCursor(state, ArenaChunk.BlocksStart(chunk));
        return AllocateFromCurrent(state, layout.Size, mask);
    }

    internal static bool TryResize(ArenaState* state, void* block, nuint size, nuint newSize) =>
        BumpRange.TryResize<Local>(&state->Range, EndOfCurrent(state), block, size, newSize);

    /// <summary>Returns to a position in a chunk. Chunks after it become spare.</summary>
    internal static void RewindTo(ArenaState* state, ArenaChunk* last, nuint next)
    {
        nuint used = Used(state);
        nuint end = state->Range.Next;
        state->Peak = state->Peak > used ? state->Peak : used;
        while (state->Current != last)
        {
            ArenaChunk* chunk = state->Current;
            FreedBlocks.Pass(ArenaChunk.BlocksStart(chunk), end);
            state->Current = chunk->Previous;
            chunk->Previous = state->Spare;
            state->Spare = chunk;
            end = state->Current == null ? 0 : state->Current->BlocksEnd;
            state->UsedBefore -= state->Current == null ? 0 : end - ArenaChunk.BlocksStart(state->Current);
        }

        FreedBlocks.Pass(next, end);

        // The cursor may already be before that position, if the block before the mark was freed since.
        SetCursor(state, next < end ? next : end);
    }

    /// <summary>Frees spare chunks, but keeps chunks of at least the specified total size.</summary>
    /// <param name="state">The state of the arena.</param>
    /// <param name="keptBytes">The minimum total size of the remaining chunks, in bytes.</param>
    /// <param name="kept">A chunk that is not freed, or null.</param>
    internal static void Trim(ArenaState* state, nuint keptBytes, ArenaChunk* kept)
    {
        ArenaChunk** link = &state->Spare;
        while (*link != null)
        {
            ArenaChunk* chunk = *link;
            if (chunk == kept || state->Held - chunk->Size < keptBytes)
            {
                link = &chunk->Previous;
                continue;
            }

            *link = chunk->Previous;
            state->Held -= chunk->Size;
            state->ChunkCount--;
            ArenaSource.Deallocate(&state->Source, chunk);
        }
    }

    /// <summary>Runs the callbacks registered after a given one, newest first.</summary>
    internal static void RunCleanups(ArenaState* state, ArenaCleanup* last)
    {
        while (state->Cleanups != last)
        {
            // Removed before it runs: if it throws, the others can still run; and it can register further
            // callbacks.
            ArenaCleanup* cleanup = state->Cleanups;
            state->Cleanups = cleanup->Previous;
            cleanup->Action(cleanup->Argument);
        }
    }

    private static void* AllocateFromCurrent(ArenaState* state, nuint size, nuint mask)
    {
        nuint start = (state->Range.Next + mask) & ~mask;
        nuint end = start + BumpRange.Occupied(size);
        if (end > EndOfCurrent(state))
        {
            return null;
        }

        state->Range.Next = end;
        return (void*)start;
    }

    private static ArenaChunk* PopSpare(ArenaState* state, nuint needed)
    {
        for (ArenaChunk** link = &state->Spare; *link != null; link = &(*link)->Previous)
        {
            ArenaChunk* chunk = *link;
            if (chunk->Size >= needed)
            {
                *link = chunk->Previous;
                return chunk;
            }
        }

        return null;
    }

    private static ArenaChunk* AllocateChunk(ArenaState* state, nuint needed)
    {
        nuint limit = state->Options.LimitBytes < Layout.MaxSize ? state->Options.LimitBytes : Layout.MaxSize;
        if (needed > limit - state->Held)
        {
            // The spare chunks are all too small; freeing them may make room below the limit.
            Trim(state, 0, null);
        }

        nuint room = limit - state->Held;
        if (needed > room)
        {
            return null;
        }

        nuint wanted = needed <= state->NextChunk
            ? state->NextChunk
            : Layout.AlignUp(needed, PageSource.Granularity);
        nuint size = wanted < room ? wanted : room;
        ArenaChunk* chunk = ArenaSource.Allocate(&state->Source, size);
        while (chunk == null && size > needed)
        {
            size = size / 2 > needed ? size / 2 : needed;
            chunk = ArenaSource.Allocate(&state->Source, size);
        }

        if (chunk != null)
        {
            state->Held += size;
            state->ChunkCount++;
            nuint max = state->Options.MaxChunkBytes;
            state->NextChunk = size < max / 2 ? size * 2 : max;
        }

        return chunk;
    }

    private static void SetCursor(ArenaState* state, nuint next)
    {
        // Field by field: the processor cannot forward the parts of a copied struct to a wider load, and
        // waits.
        nuint end = EndOfCurrent(state);
        state->Range.Next = next;
        state->Range.End = state->AlignmentMask == 0 ? end : 0;

        // The previous contents of a chunk are unknown, so all of it is dirty.
        state->Range.Dirty = end;
    }

    private static nuint EndOfCurrent(ArenaState* state) =>
        state->Current == null ? 0 : ArenaChunk.End(state->Current);

    private static nuint UsedInCurrent(ArenaState* state) =>
        state->Current == null ? 0 : state->Range.Next - ArenaChunk.BlocksStart(state->Current);
}
