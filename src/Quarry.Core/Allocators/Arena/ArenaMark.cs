namespace Quarry;

/// <summary>A moment in the life of an arena, to go back to: see <see cref="Arena.TryRewind"/>.</summary>
/// <remarks>It is void once the arena was reset, or rewound to an earlier mark.</remarks>
public readonly unsafe struct ArenaMark
{
    internal readonly ArenaChunk* Chunk;
    internal readonly nuint Next;
    internal readonly ArenaCleanup* Duty;
    internal readonly nuint Round;

    internal ArenaMark(ArenaState* state)
    {
        Chunk = state->Current;
        Next = state->Range.Next;
        Duty = state->Duties;
        Round = state->Round;
    }
}
