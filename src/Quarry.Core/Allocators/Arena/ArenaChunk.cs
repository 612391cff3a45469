namespace Quarry;

/// <summary>What a chunk begins with; blocks follow.</summary>
internal unsafe struct ArenaChunk
{
    /// <summary>The alignment a chunk is taken with, in bytes.</summary>
    internal const int Alignment = 16;

    /// <summary>The chunk in use before this one; the next one in the list of spare chunks.</summary>
    public ArenaChunk* Previous;

    /// <summary>In bytes, with this header.</summary>
    public nuint Size;

    /// <summary>
    /// The byte behind the last block; of the chunk in use, the cursor of the arena tells it.
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
