namespace Quarry;

/// <summary>Provides the chunks of a <see cref="ChunkBump"/>.</summary>
internal unsafe interface IChunkSource
{
    /// <summary>Allocates a zeroed chunk, aligned to at least <see cref="ChunkBump.HeaderBytes"/>.</summary>
    /// <param name="minBytes">The smallest size that serves the request.</param>
    /// <param name="bytes">The size of the chunk.</param>
    /// <returns>The chunk; null if there is no memory.</returns>
    void* Allocate(nuint minBytes, out nuint bytes);

    /// <summary>Frees a chunk that was not used.</summary>
    void Free(void* chunk, nuint bytes);
}
