namespace Quarry;

/// <summary>Allocates the state of allocators: slots that are reused but never unmapped.</summary>
/// <remarks>
/// A stale handle therefore reads a slot with another serial number, or with none, instead of faulting. Sizes
/// of slots are powers of two; slots are aligned to 64 bytes. The free slots of each size form a stack.
/// </remarks>
internal static unsafe partial class StateSlots
{
    /// <summary>The size of the largest slot, in bytes.</summary>
    internal const int MaxSize = 1 << (Log2Min + Classes - 1);

    /// <summary>The alignment of each slot, in bytes.</summary>
    internal const int Alignment = 1 << Log2Min;

    private const int Log2Min = 6, Classes = 7;

    private static nuint s_serials;
    private static ChunkBump s_unused;
    private static FreeSlots s_free;

    /// <summary>
    /// Allocates a slot, zeroed except for its serial number; returns null if out of memory.
    /// </summary>
    internal static Slot* Allocate(nuint size)
    {
        int sizeClass = ClassOf(size);
        nuint bytes = (nuint)1 << (Log2Min + sizeClass);
        Slot* slot;
        fixed (TaggedStack* free = &s_free.Smallest)
        fixed (ChunkBump* unused = &s_unused)
        {
            nuint* link = TaggedStack.Pop(free + sizeClass);
            slot = link != null ? SlotOf(link) : (Slot*)ChunkBump.Allocate(unused, default(Chunks), bytes);
            if (link != null)
            {
                Memory.Clear(slot, bytes);
            }
        }

        if (slot != null)
        {
            // Releases the zeros above to a thread that reads the serial number through a handle.
            Atomic.Write(ref slot->Serial, Atomic.Add(ref s_serials, 1));
        }

        return slot;
    }

    /// <summary>Frees a slot. Its serial number must be 0 already.</summary>
    internal static void Free(Slot* slot, nuint size)
    {
        fixed (TaggedStack* free = &s_free.Smallest)
        {
            TaggedStack.Push(free + ClassOf(size), &slot->Next);
        }
    }

    private static Slot* SlotOf(nuint* link) => (Slot*)(link - 1);

    private static int ClassOf(nuint size)
    {
        int sizeClass = 0;
        while (((nuint)1 << (Log2Min + sizeClass)) < size)
        {
            sizeClass++;
        }

        return sizeClass;
    }

    /// <summary>The header of a state.</summary>
    internal struct Slot
    {
        /// <summary>The serial number, unique in the process; 0 while the slot holds no state.</summary>
        public nuint Serial;

        /// <summary>The next free slot.</summary>
        public nuint Next;
    }

    /// <summary>Chunks of 64 KiB.</summary>
    private readonly struct Chunks : IChunkSource
    {
        private const uint ChunkSize = 64 << 10;

        public void* Allocate(nuint minBytes, out nuint bytes)
        {
            bytes = ChunkSize;
            void* chunk = Os.Map(ChunkSize);
            OnMapped(chunk, ChunkSize);
            return chunk;
        }

        public void Free(void* chunk, nuint bytes)
        {
            OnUnmapping(chunk, bytes);
            Os.Unmap(chunk, bytes);
        }
    }

    // The library records what stays readable. Elsewhere there are no such methods.
    static partial void OnMapped(void* chunk, nuint size);

    static partial void OnUnmapping(void* chunk, nuint size);

    /// <summary>One stack of free slots for each size.</summary>
    private struct FreeSlots
    {
        public TaggedStack Smallest;
#pragma warning disable CS0169, CA1823, IDE0051 // reached through the first one
        private fixed ulong _others[Classes - 1];
#pragma warning restore CS0169, CA1823, IDE0051
    }
}
