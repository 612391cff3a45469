namespace Quarry;

/// <summary>
/// Allocates zeroed memory that is never freed, from chunks, for any number of threads and without a lock.
/// </summary>
/// <remarks>
/// A chunk begins with its header, so the only shared state is the pointer to the current chunk. When a chunk
/// is exhausted its rest is lost. Blocks are aligned to the largest power of two that divides
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

    /// <summary>Allocates a block; null if the source has no memory.</summary>
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
                // Each thread gets a range of its own. Next may pass Size by one request for each thread.
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
            // Publishes the header. Another thread may have been faster: its chunk is used then.
            if (!Atomic.TryReplace(ref bump->_chunk, seen, (nuint)fresh))
            {
                *fresh = default;
                source.Free(fresh, bytes);
            }
        }
    }

    private struct Chunk
    {
        /// <summary>The offset of the free part; above <see cref="Size"/> once exhausted.</summary>
        public nuint Next;

        public nuint Size;
    }
}
