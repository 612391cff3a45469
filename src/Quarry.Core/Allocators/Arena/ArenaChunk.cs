namespace Quarry;

/// <summary>The header of a chunk. Blocks follow it.</summary>
internal unsafe struct ArenaChunk
{
    /// <summary>The alignment of a chunk, in bytes.</summary>
    internal const int Alignment = 16;

    /// <summary>
    /// The chunk that was in use before this one; in the list of spare chunks, the next one.
    /// </summary>
    public ArenaChunk* Previous;

    /// <summary>The size of the chunk, in bytes, including the header.</summary>
    public nuint Size;

    /// <summary>
    /// The end of the last block. Not maintained for the current chunk, where it is the cursor of the arena.
    /// </summary>
    public nuint BlocksEnd;

    internal static nuint BlocksStart(ArenaChunk* chunk) => (nuint)(chunk + 1);

    internal static nuint End(ArenaChunk* chunk) => (nuint)chunk + chunk->Size;

    internal static Layout LayoutOf(nuint size)
    {
        _ = Layout.TryCreate(size, Alignment, out Layout layout);
        return layout;
    }
}
