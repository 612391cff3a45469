namespace Quarry;

/// <summary>Provides the chunks of a <see cref="ChunkBump"/>.</summary>
internal unsafe interface IChunkSource
{
    /// <summary>Allocates a zeroed chunk, aligned to at least <see cref="ChunkBump.HeaderBytes"/>.</summary>
    /// <param name="minBytes">The minimum size of the chunk, in bytes.</param>
    /// <param name="bytes">The size of the chunk, in bytes.</param>
    /// <returns>The chunk, or null if out of memory.</returns>
    void* Allocate(nuint minBytes, out nuint bytes);

    /// <summary>Frees an unused chunk. It is zeroed.</summary>
    void Free(void* chunk, nuint bytes);
}
