namespace Quarry.Gc;

/// <summary>A run of objects: what stands in its first word.</summary>
/// <remarks>
/// The heap is chunk after chunk, and a chunk is object after object, up to the first place without a method
/// table. That makes every object reachable by a walk, without a list of them.
/// </remarks>
internal unsafe struct Chunk
{
    /// <summary>Bytes from this word to the next chunk.</summary>
    public nuint Size;

    /// <summary>
    /// Where the first object's method table goes. The 8 bytes before are the object's header, as all objects
    /// have; the last object's end is therefore 8 bytes before the limit of the chunk.
    /// </summary>
    internal static byte* First(Chunk* chunk) => (byte*)chunk + 16;

    /// <summary>
    /// The first address where no object may begin: the end of the chunk, seen from a pointer.
    /// </summary>
    internal static byte* Limit(Chunk* chunk) => (byte*)chunk + chunk->Size + 8;

    /// <summary>The size of a chunk for so many bytes of objects.</summary>
    internal static nuint SizeFor(nuint objects) => objects + 8;

    /// <summary>The bytes of objects that a chunk of a size has room for.</summary>
    internal static nuint ObjectsIn(nuint size) => size - 8;
}
