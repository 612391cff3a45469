namespace Quarry;

/// <summary>Room for a heap's own structures, which are never freed singly: they go with the heap.</summary>
internal unsafe struct MetadataPool
{
    private const nuint Alignment = 64;

    /// <summary>The chunk that is being used up.</summary>
    private Chunk* _chunk;

    /// <summary>Starts with the memory that is left in the first region behind its tables.</summary>
    internal void Start(void* memory, nuint size)
    {
        _chunk = (Chunk*)memory;
        _chunk->Next = Alignment;
        _chunk->Size = size;
    }

    /// <summary>Zeroed memory, aligned to a cache line; null if there is none.</summary>
    internal static void* Allocate(HeapState* heap, nuint size)
    {
        size = Layout.AlignUp(size, Alignment);
        for (; ; )
        {
            nuint chunk = Atomic.Read(ref *(nuint*)&heap->Metadata._chunk);
            nuint end = Atomic.Add(ref ((Chunk*)chunk)->Next, size);
            if (end <= ((Chunk*)chunk)->Size)
            {
                return (byte*)chunk + end - size;
            }

            // What is left of the old chunk is lost; so is a whole new one if another thread was faster.
            nuint count = (size + Alignment + Region.SliceSize - 1) >> Region.Log2Slice;
            nuint slice = HeapState.Take(heap, count, Region.SliceSize, out Region* region, out bool zeroed);
            if (slice == Region.None)
            {
                return null;
            }

            Chunk* fresh = (Chunk*)region->AddressOf(slice);
            if (!zeroed)
            {
                Memory.Clear(fresh, count << Region.Log2Slice);
            }

            fresh->Next = Alignment;
            fresh->Size = count << Region.Log2Slice;
            if (!Atomic.TryReplace(ref *(nuint*)&heap->Metadata._chunk, chunk, (nuint)fresh))
            {
                fresh->Next = 0;
                fresh->Size = 0;
                heap->Give(region, slice, count);
            }
        }
    }

    private struct Chunk
    {
        /// <summary>The offset of what is free; beyond <see cref="Size"/> when all is used.</summary>
        public nuint Next;

        public nuint Size;
    }
}
