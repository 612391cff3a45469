namespace Quarry;

/// <content>Read-only memory.</content>
public readonly unsafe partial struct Bump<TThreading>
{
    /// <summary>Gets a value that indicates whether the blocks are read-only.</summary>
    public bool IsFrozen => IsAlive && State->ThawedEnd != 0;

    /// <summary>
    /// Makes all blocks read-only, for tables that are built once: a write to a block terminates the process.
    /// Requests fail until <see cref="TryThaw"/> or a reset. Takes one system call. No thread may be
    /// allocating.
    /// </summary>
    /// <returns>
    /// <see langword="false"/> if the system call fails, or nothing is committed; nothing changes then.
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

    /// <summary>Makes the blocks writable again. Takes one system call.</summary>
    /// <returns>
    /// <see langword="false"/> if the system call fails; <see langword="true"/> if the blocks are already
    /// writable.
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
