namespace Quarry.Gc;

/// <summary>
/// What a thread allocates from: <c>gc_alloc_context</c>. Only the thread itself changes it.
/// </summary>
internal unsafe struct AllocationContext
{
    /// <summary>Where the next object's method table goes; its header lies in the 8 bytes before.</summary>
    public byte* Next;

    public byte* Limit;

    /// <summary>
    /// Bytes given to the context; the runtime subtracts what is left between the two above.
    /// </summary>
    public long SmallBytes;

    public long LargeBytes;

    /// <summary>Ours: the chunk that the context takes objects from.</summary>
    public Chunk* Chunk;

    /// <summary>Ours: the size of the next window.</summary>
    public nuint Window;

    public int Count;
}
