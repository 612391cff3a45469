namespace Quarry;

/// <content>Giving many blocks back at once.</content>
public readonly unsafe partial struct Arena
{
    /// <summary>Gives all blocks back and keeps chunks as <see cref="Retention.Recent"/> says.</summary>
    public void Reset() => Reset(Retention.Recent);

    /// <summary>Gives all blocks back. Costs nothing but giving back the chunks that are not kept.</summary>
    /// <remarks>
    /// What the arena was given to dispose of is disposed of first, the last one first. If that fails with an
    /// exception, nothing else has happened, and resetting again goes on with the next one.
    /// </remarks>
    public void Reset(Retention retention)
    {
        if (!IsAlive)
        {
            return;
        }

        ArenaState* state = State;
        ArenaState.DoDuties(state, null);
        ArenaState.Leave(state, null, 0);
        nuint faded = state->Recent - (state->Recent / 8);
        state->Recent = state->Peak > faded ? state->Peak : faded;
        state->Peak = 0;
        state->Round++;
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

    /// <summary>The state of the arena, to go back to.</summary>
    public ArenaMark Mark() => IsAlive ? new ArenaMark(State) : default;

    /// <summary>
    /// Gives back what was taken since the mark, and disposes of what the arena was given since, the last one
    /// first. Chunks become spare. Marks that were made later are void.
    /// </summary>
    /// <returns>False, and nothing happens, if the mark is void.</returns>
    public bool TryRewind(ArenaMark mark)
    {
        if (!IsAlive || !IsCurrent(State, mark))
        {
            return false;
        }

        ArenaState.DoDuties(State, mark.Duty);
        ArenaState.Leave(State, mark.Chunk, mark.Next);
        return true;
    }

    /// <summary>Has something done before the memory taken so far is let go.</summary>
    /// <param name="action">
    /// Gets the argument. It may take memory of the arena, but not reset or dispose of it.
    /// </param>
    /// <param name="argument">Handed on as it is.</param>
    /// <returns>False if there is no memory to remember it.</returns>
    public bool TryDefer(delegate*<void*, void> action, void* argument)
    {
        ArenaCleanup* duty = (ArenaCleanup*)Allocate(Layout.Of<ArenaCleanup>());
        if (duty != null)
        {
            *duty = new ArenaCleanup { Previous = State->Duties, Action = action, Argument = argument };
            State->Duties = duty;
        }

        return duty != null;
    }

    /// <summary>
    /// Disposes of what the arena was given to, and gives all memory back. Again does no harm.
    /// </summary>
    public void Dispose()
    {
        if (!IsAlive)
        {
            return;
        }

        ArenaState.DoDuties(State, null);
        if (_handle.TryRetire())
        {
            ArenaState.Leave(State, null, 0);
            ArenaState.Trim(State, 0, null);
            ArenaSource.Release(&State->Source);
            _handle.Release();
        }
    }

    /// <summary>The same arena by a new handle: all handles so far are those of a disposed one.</summary>
    /// <returns>False if it is disposed of, or renewed by somebody else; or if there is no memory.</returns>
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

        ArenaCleanup* duty = state->Duties;
        while (duty != mark.Duty && duty != null)
        {
            duty = duty->Previous;
        }

        return state->Round == mark.Round && chunk == mark.Chunk && duty == mark.Duty;
    }
}
