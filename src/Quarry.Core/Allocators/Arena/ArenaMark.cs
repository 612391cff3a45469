namespace Quarry;

/// <summary>Represents a position in an arena, for <see cref="Arena.TryRewind"/>.</summary>
/// <remarks>
/// A mark becomes invalid when the arena is reset, or rewound to an earlier position. It is valid for its own
/// arena only.
/// </remarks>
public readonly unsafe struct ArenaMark
{
    internal readonly ArenaChunk* Chunk;
    internal readonly nuint Next;
    internal readonly ArenaCleanup* Cleanup;

    /// <summary>The serial number of the arena.</summary>
    internal readonly nuint Arena;

    /// <summary>The number of resets and rewinds before.</summary>
    internal readonly nuint Time;

    /// <summary>The number of bytes that blocks occupied.</summary>
    internal readonly nuint Position;

    internal ArenaMark(ArenaState* state, nuint arena)
    {
        Chunk = state->Current;
        Next = state->Range.Next;
        Cleanup = state->Cleanups;
        Arena = arena;
        Time = state->Time;
        Position = ArenaState.Used(state);
    }
}
