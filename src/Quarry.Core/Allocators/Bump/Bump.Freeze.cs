namespace Quarry;

/// <content>Memory that nobody may write to any more.</content>
public readonly unsafe partial struct Bump<TThreads>
{
    /// <summary>Whether the blocks can be read only.</summary>
    public bool IsFrozen => IsAlive && State->ThawedEnd != 0;

    /// <summary>
    /// Makes all blocks read-only, for tables that are built once: a write to one ends the process. Requests
    /// are null until <see cref="TryThaw"/> or a reset. One system call. No thread may be taking a block.
    /// </summary>
    /// <returns>False if the system cannot; nothing has happened then. True if it is done already.</returns>
    public bool TryFreeze()
    {
        if (!IsAlive || CommittedBytes == 0)
        {
            return false;
        }

        BumpState* state = State;
        if (state->ThawedEnd == 0 && Os.MakeReadOnly((void*)state->Start, CommittedBytes))
        {
            // The fast path finds no room in a range that has no end.
            state->ThawedEnd = state->Range.End;
            state->Range.End = 0;
        }

        return state->ThawedEnd != 0;
    }

    /// <summary>Makes the blocks writable again.</summary>
    /// <returns>False if the system cannot. True if they are already.</returns>
    public bool TryThaw()
    {
        if (!IsFrozen)
        {
            return IsAlive;
        }

        BumpState* state = State;
        bool thaws = Os.MakeWritable((void*)state->Start, CommittedBytes);
        if (thaws)
        {
            state->Range.End = state->ThawedEnd;
            state->ThawedEnd = 0;
        }

        return thaws;
    }
}
