namespace Quarry;

/// <content>Frees many blocks at once, and disposes the arena.</content>
public readonly unsafe partial struct Arena
{
    /// <summary>Frees all blocks, and keeps chunks according to <see cref="Retention.Recent"/>.</summary>
    public void Reset() => Reset(Retention.Recent);

    /// <summary>
    /// Frees all blocks. The cost is that of running the cleanups and freeing the chunks that are not kept.
    /// </summary>
    /// <param name="retention">The chunks to keep.</param>
    /// <remarks>
    /// Cleanups registered by <see cref="TryDefer"/> run first, in reverse order of registration. If a
    /// cleanup throws an exception, no block is freed, and another reset continues with the next cleanup.
    /// </remarks>
    public void Reset(Retention retention)
    {
        if (!IsAlive)
        {
            return;
        }

        ArenaState* state = State;
        ThrowIfUnfounded(state);
        ArenaState.RunCleanups(state, null);
        ArenaState.RewindTo(state, null, 0);
        nuint faded = state->Recent - (state->Recent / 8);
        state->Recent = state->Peak > faded ? state->Peak : faded;
        state->Peak = 0;
        state->Time++;
        state->LastReset = state->Time;
        ArenaRewinds.Clear(&state->Rewinds);
        state->Scopes = 0;
        if (retention != Retention.All)
        {
            nuint kept = retention == Retention.Recent ? state->Recent : 0;
            ArenaState.Trim(state, kept, retention == Retention.Largest ? Largest(state) : null);
        }

        if (state->Held == 0)
        {
            state->NextChunk = state->Options.FirstChunkBytes;
        }
    }

    /// <summary>Returns the current position, for <see cref="TryRewind"/>.</summary>
    public ArenaMark Mark() => IsAlive ? new ArenaMark(State, _handle.Serial) : default;

    /// <summary>
    /// Frees the blocks allocated since a mark, after running the cleanups registered since, in reverse
    /// order. The chunks after the mark become spare. Later marks become invalid.
    /// </summary>
    /// <param name="mark">The position to return to.</param>
    /// <returns>
    /// <see langword="false"/> if the mark is invalid, or of another arena; nothing is freed then.
    /// </returns>
    public bool TryRewind(ArenaMark mark)
    {
        if (!IsAlive || mark.Arena != _handle.Serial || !IsCurrent(State, mark))
        {
            return false;
        }

        ArenaState* state = State;
        ThrowIfUnfounded(state);
        ArenaState.RunCleanups(state, mark.Cleanup);
        ArenaState.RewindTo(state, mark.Chunk, mark.Next);
        state->Time++;
        ArenaRewinds.Add(&state->Rewinds, state->Time, mark.Position);
        return true;
    }

    /// <summary>Registers a callback that runs before the memory allocated so far is freed.</summary>
    /// <param name="action">
    /// The callback. It can allocate from the arena, but must not reset or dispose it.
    /// </param>
    /// <param name="argument">The argument of the callback.</param>
    /// <returns>
    /// <see langword="false"/> if out of memory; the arena stores 24 bytes for each callback.
    /// </returns>
    public bool TryDefer(delegate*<void*, void> action, void* argument)
    {
        ArenaCleanup* cleanup = (ArenaCleanup*)Allocate(Layout.Of<ArenaCleanup>());
        if (cleanup != null)
        {
            *cleanup = new ArenaCleanup { Previous = State->Cleanups, Action = action, Argument = argument };
            State->Cleanups = cleanup;
        }

        return cleanup != null;
    }

    /// <summary>
    /// Runs the cleanups, and frees all memory. Subsequent calls do nothing. If the inner allocator was
    /// disposed before, the memory is gone, and the cleanups with it.
    /// </summary>
    public void Dispose()
    {
        if (!IsAlive)
        {
            return;
        }

        bool hasMemory = ArenaSource.IsAlive(&State->Source);
        if (hasMemory)
        {
            ArenaState.RunCleanups(State, null);
        }

        if (_handle.TryRetire())
        {
            if (hasMemory)
            {
                ArenaState.RewindTo(State, null, 0);
                ArenaState.Trim(State, 0, null);
            }

            ArenaSource.Dispose(&State->Source);
            _handle.Release();
        }
    }

    /// <summary>
    /// Moves the arena to a new handle. All previous handles become those of a disposed arena.
    /// </summary>
    /// <param name="renewed">The arena, with its new handle.</param>
    /// <returns>
    /// <see langword="false"/> if the arena is disposed or renewed by another thread, or if the system is out
    /// of memory.
    /// </returns>
    internal bool TryRenew(out Arena renewed)
    {
        renewed = default;
        if (!IsAlive || !StateHandle<ArenaState>.TryCreate(out StateHandle<ArenaState> handle))
        {
            return false;
        }

        *handle.Pointer = *State;
        bool renews = _handle.TryRetire();
        renewed = renews ? new Arena(handle) : default;
        StateHandle<ArenaState> ended = renews ? _handle : handle;
        _ = ended.TryRetire();
        ended.Release();
        return renews;
    }

    // Checked builds of the library report an inner allocator that was disposed. Elsewhere there is no such
    // method.
    static partial void ThrowIfUnfounded(ArenaState* state);

    private static ArenaChunk* Largest(ArenaState* state)
    {
        ArenaChunk* largest = state->Spare;
        for (ArenaChunk* chunk = largest; chunk != null; chunk = chunk->Previous)
        {
            largest = chunk->Size > largest->Size ? chunk : largest;
        }

        return largest;
    }

    private static bool IsCurrent(ArenaState* state, ArenaMark mark)
    {
        ArenaChunk* chunk = state->Current;
        while (chunk != mark.Chunk && chunk != null)
        {
            chunk = chunk->Previous;
        }

        ArenaCleanup* cleanup = state->Cleanups;
        while (cleanup != mark.Cleanup && cleanup != null)
        {
            cleanup = cleanup->Previous;
        }

        return mark.Time >= state->LastReset
            && !ArenaRewinds.Passed(&state->Rewinds, mark.Time, mark.Position)
            && chunk == mark.Chunk && cleanup == mark.Cleanup;
    }
}
