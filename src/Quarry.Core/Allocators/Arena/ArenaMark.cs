namespace Quarry;

/// <summary>Represents a position in an arena, for <see cref="Arena.TryRewind"/>.</summary>
/// <remarks>A mark becomes invalid when the arena is reset, or rewound to an earlier mark.</remarks>
public readonly unsafe struct ArenaMark
{
    internal readonly ArenaChunk* Chunk;
    internal readonly nuint Next;
    internal readonly ArenaCleanup* Cleanup;
    internal readonly nuint Round;

    internal ArenaMark(ArenaState* state)
    {
        Chunk = state->Current;
        Next = state->Range.Next;
        Cleanup = state->Cleanups;
        Round = state->Round;
    }
}
