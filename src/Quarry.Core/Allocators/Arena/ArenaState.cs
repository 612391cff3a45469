namespace Quarry;

/// <summary>What an <see cref="Arena"/> keeps.</summary>
/// <remarks>
/// Chunks are in one of two lists: those in use, newest first, of which only the newest is handed out from;
/// and spare ones, which are empty.
/// </remarks>
internal unsafe struct ArenaState
{
    /// <summary>
    /// The chunk in use. First, where the fast path finds it; that of an arena with an alignment of its own
    /// finds no room here, so that others need not ask for it.
    /// </summary>
    public BumpRange Range;

    /// <summary>The alignment that every block has, less 1.</summary>
    public nuint AlignmentMask;

    /// <summary>The chunk in use; null as long as nothing was taken.</summary>
    public ArenaChunk* Current;

    /// <summary>Chunks that are empty.</summary>
    public ArenaChunk* Spare;

    /// <summary>What is to be done before memory is let go, newest first.</summary>
    public ArenaCleanup* Duties;

    /// <summary>Bytes of all chunks, spare ones and headers included.</summary>
    public nuint Held;

    /// <summary>The number of all chunks.</summary>
    public nuint ChunkCount;

    /// <summary>Bytes that blocks take in the chunks before the one in use.</summary>
    public nuint UsedBefore;

    /// <summary>
    /// The most bytes that blocks took since the last reset, as far as the cursor moved back.
    /// </summary>
    public nuint Peak;

    /// <summary>What <see cref="Retention.Recent"/> goes by.</summary>
    public nuint Recent;

    /// <summary>Counts the resets: a mark of an earlier round is void.</summary>
    public nuint Round;

    /// <summary>The size of the next chunk, in bytes.</summary>
    public nuint NextChunk;

    public ArenaOptions Options;

    public ArenaSource Source;

    /// <summary>Bytes that blocks and the padding between them take.</summary>
    internal static nuint Used(ArenaState* state) => state->UsedBefore + UsedInCurrent(state);

    /// <summary>A block, if the fast path finds no room for it.</summary>
    internal static void* AllocateSlow(ArenaState* state, Layout layout)
    {
        nuint mask = (layout.Alignment - 1) | state->AlignmentMask;
        void* block = TakeFromCurrent(state, layout.Size, mask);
        if (block != null)
        {
            return block;
        }

        nuint needed = (nuint)sizeof(ArenaChunk) + mask + BumpRange.Occupied(layout.Size);
        ArenaChunk* chunk = TakeSpare(state, needed);
        if (chunk == null)
        {
            chunk = TakeNew(state, needed);
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
        Use(state, ArenaChunk.BlocksStart(chunk));
        return TakeFromCurrent(state, layout.Size, mask);
    }

    internal static bool TryResize(ArenaState* state, void* block, nuint size, nuint newSize) =>
        BumpRange.TryResize<Local>(&state->Range, EndOfCurrent(state), block, size, newSize);

    /// <summary>Goes back to a chunk and a place in it; the chunks taken since are spare.</summary>
    internal static void Leave(ArenaState* state, ArenaChunk* last, nuint next)
    {
        nuint used = Used(state);
        nuint end = state->Range.Next;
        state->Peak = state->Peak > used ? state->Peak : used;
        while (state->Current != last)
        {
            ArenaChunk* chunk = state->Current;
            state->Current = chunk->Previous;
            chunk->Previous = state->Spare;
            state->Spare = chunk;
            end = state->Current == null ? 0 : state->Current->BlocksEnd;
            state->UsedBefore -= state->Current == null ? 0 : end - ArenaChunk.BlocksStart(state->Current);
        }

        // The cursor may be before that place already, if the last block then was given back since.
        Use(state, next < end ? next : end);
    }

    /// <summary>
    /// Gives spare chunks back as long as others of so many bytes stay; never the one named.
    /// </summary>
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

    /// <summary>Does what is to be done, the newest first, until this one.</summary>
    internal static void DoDuties(ArenaState* state, ArenaCleanup* last)
    {
        while (state->Duties != last)
        {
            // Off the list first: if it fails, the rest can still be done; and it may add to the list.
            ArenaCleanup* duty = state->Duties;
            state->Duties = duty->Previous;
            duty->Action(duty->Argument);
        }
    }

    private static void* TakeFromCurrent(ArenaState* state, nuint size, nuint mask)
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

    private static ArenaChunk* TakeSpare(ArenaState* state, nuint needed)
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

    private static ArenaChunk* TakeNew(ArenaState* state, nuint needed)
    {
        nuint limit = state->Options.LimitBytes < Layout.MaxSize ? state->Options.LimitBytes : Layout.MaxSize;
        if (needed > limit - state->Held)
        {
            // The spare chunks are all too small; what they hold may be what is missing.
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

    private static void Use(ArenaState* state, nuint next)
    {
        // What a chunk held before is not known to be zero, so all of it is dirty.
        nuint end = EndOfCurrent(state);
        state->Range = new BumpRange
        {
            Next = next,
            End = state->AlignmentMask == 0 ? end : 0,
            Dirty = end,
        };
    }

    private static nuint EndOfCurrent(ArenaState* state) =>
        state->Current == null ? 0 : ArenaChunk.End(state->Current);

    private static nuint UsedInCurrent(ArenaState* state) =>
        state->Current == null ? 0 : state->Range.Next - ArenaChunk.BlocksStart(state->Current);
}
