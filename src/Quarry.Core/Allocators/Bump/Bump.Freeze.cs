namespace Quarry;

/// <content>Read-only memory.</content>
public readonly unsafe partial struct Bump<TThreading>
{
    /// <summary>Gets a value that indicates whether the blocks are read-only.</summary>
    public bool IsFrozen => IsAlive && State->ThawedEnd != 0;

    /// <summary>
    /// Makes all blocks read-only, for tables that are built once: a write to one ends the process. Requests
    /// fail until <see cref="TryThaw"/> or a reset. One system call. No thread may be allocating.
    /// </summary>
    /// <returns>
    /// <see langword="false"/> if the system refuses, or if nothing is committed; nothing changes then.
    /// </returns>
    public bool TryFreeze()
    {
        if (!IsAlive || CommittedBytes == 0)
        {
            return false;
        }

        BumpState* state = State;
        if (state->ThawedEnd == 0 && Os.MakeReadOnly((void*)state->Start, CommittedBytes))
        {
            // The fast path finds no room in a range whose end is 0.
            state->ThawedEnd = state->Range.End;
            state->Range.End = 0;
        }

        return state->ThawedEnd != 0;
    }

    /// <summary>Makes the blocks writable again. One system call.</summary>
    /// <returns>
    /// <see langword="false"/> if the system refuses. <see langword="true"/> if the blocks are writable
    /// already.
    /// </returns>
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
