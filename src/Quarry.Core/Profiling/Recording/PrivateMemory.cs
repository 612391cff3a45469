namespace Quarry;

/// <summary>
/// Allocates zeroed memory for the tables of a recording, outside the heap that it observes.
/// </summary>
/// <remarks>
/// The caller holds the <see cref="SiteLock"/>. Blocks are not freed one by one; all of them are released
/// together.
/// </remarks>
internal unsafe struct PrivateMemory
{
    private const nuint ChunkBytes = 256 * 1024;

    private Chunk* _last;
    private nuint _used;

    /// <summary>Allocates zeroed memory, aligned to 16; null if there is none.</summary>
    internal void* Allocate(nuint bytes)
    {
        bytes = Layout.AlignUp(bytes, Block.MinSize);
        if (_last == null || _used + bytes > _last->Bytes)
        {
            nuint size = Layout.AlignUp((nuint)sizeof(Chunk) + bytes, ChunkBytes);
            Chunk* chunk = (Chunk*)Os.Map(size);
            if (chunk == null)
            {
                return null;
            }

            chunk->Bytes = size;
            chunk->Previous = _last;
            _used = (nuint)sizeof(Chunk);
            _last = chunk;
        }

        _used += bytes;
        return (byte*)_last + _used - bytes;
    }

    /// <summary>Unmaps all memory.</summary>
    internal void Release()
    {
        for (Chunk* chunk = _last; chunk != null;)
        {
            Chunk* previous = chunk->Previous;
            Os.Unmap(chunk, chunk->Bytes);
            chunk = previous;
        }

        this = default;
    }

    private struct Chunk
    {
        public Chunk* Previous;
        public nuint Bytes;
    }
}
