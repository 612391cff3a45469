namespace Quarry;

/// <summary>
/// Allocates zeroed memory from chunks, lock-free, for any number of threads. The memory is never freed.
/// </summary>
/// <remarks>
/// A chunk begins with its header, so the only shared state is the pointer to the current chunk. The unused
/// end of an exhausted chunk is lost. Blocks are aligned to the largest power of two that divides
/// <see cref="HeaderBytes"/> and all requested sizes.
/// </remarks>
internal unsafe struct ChunkBump
{
    /// <summary>The size of a chunk's header, in bytes; a cache line.</summary>
    internal const uint HeaderBytes = 64;

    private nuint _chunk;

    /// <summary>Provides the first chunk. No other thread may use the instance yet.</summary>
    internal void Start(void* chunk, nuint bytes)
    {
        *(Chunk*)chunk = new Chunk { Next = HeaderBytes, Size = bytes };
        _chunk = (nuint)chunk;
    }

    /// <summary>Allocates a block; returns null if the source is out of memory.</summary>
    internal static void* Allocate<TSource>(ChunkBump* bump, TSource source, nuint size)
        where TSource : struct, IChunkSource
    {
        for (; ; )
        {
            // Acquires the header that the exchange below published.
            nuint seen = Atomic.Read(ref bump->_chunk);
            Chunk* chunk = (Chunk*)seen;
            if (chunk != null)
            {
                // Each thread obtains a range of its own. Next may exceed Size: every request that does not
                // fit is added once.
                nuint end = Atomic.Add(ref chunk->Next, size);
                if (end <= chunk->Size)
                {
                    return (byte*)chunk + end - size;
                }
            }

            Chunk* fresh = (Chunk*)source.Allocate(HeaderBytes + size, out nuint bytes);
            if (fresh == null)
            {
                return null;
            }

            *fresh = new Chunk { Next = HeaderBytes, Size = bytes };
            // Publishes the header. If another thread was first, its chunk is used.
            if (!Atomic.TryReplace(ref bump->_chunk, seen, (nuint)fresh))
            {
                *fresh = default;
                source.Free(fresh, bytes);
            }
        }
    }

    private struct Chunk
    {
        /// <summary>
        /// The offset of the unused part; may exceed <see cref="Size"/> once the chunk is exhausted.
        /// </summary>
        public nuint Next;

        public nuint Size;
    }
}
