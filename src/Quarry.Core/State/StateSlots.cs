namespace Quarry;

/// <summary>
/// Memory for what allocators keep: slots that are used again but never unmapped.
/// </summary>
/// <remarks>
/// A stale handle therefore reads a slot with another serial number, or none, instead of faulting. Free
/// slots of a size form a stack.
/// </remarks>
internal static unsafe class StateSlots
{
    /// <summary>The largest slot; a page.</summary>
    internal const int MaxSize = 1 << (Log2Min + Classes - 1);

    private const int Log2Min = 6, Classes = 7;
    private const uint ChunkSize = 64 << 10;

    private static nuint s_serials;
    private static nuint s_chunk;
    private static FreeSlots s_free;

    /// <summary>A slot, zeroed but for its serial number; null if the system has no memory.</summary>
    internal static Slot* Take(nuint size)
    {
        int sizeClass = ClassOf(size);
        fixed (TaggedStack* free = &s_free.Smallest)
        {
            nuint* link = TaggedStack.Pop(free + sizeClass);
            Slot* slot = link == null ? Carve((nuint)1 << (Log2Min + sizeClass)) : SlotOf(link);
            if (link != null)
            {
                Memory.Clear(slot, (nuint)1 << (Log2Min + sizeClass));
            }

            if (slot != null)
            {
                Atomic.Write(ref slot->Serial, Atomic.Add(ref s_serials, 1));
            }

            return slot;
        }
    }

    /// <summary>Lets the slot be used again. Its serial number is 0 already.</summary>
    internal static void Give(Slot* slot, nuint size)
    {
        fixed (TaggedStack* free = &s_free.Smallest)
        {
            TaggedStack.Push(free + ClassOf(size), &slot->Next);
        }
    }

    private static Slot* SlotOf(nuint* link) => (Slot*)(link - 1);

    private static Slot* Carve(nuint size)
    {
        for (; ; )
        {
            nuint chunk = Atomic.Read(ref s_chunk);
            nuint end = chunk == 0 ? ChunkSize + 1 : Atomic.Add(ref *(nuint*)chunk, size);
            if (end <= ChunkSize)
            {
                return (Slot*)(chunk + end - size);
            }

            // What is left of the old chunk is lost; a page at most.
            nuint fresh = (nuint)Os.Map(ChunkSize);
            if (fresh == 0)
            {
                return null;
            }

            // Slots are aligned to their size, the first one is where the chunk says how much is used.
            *(nuint*)fresh = MaxSize;
            if (!Atomic.TryReplace(ref s_chunk, chunk, fresh))
            {
                Os.Unmap((void*)fresh, ChunkSize);
            }
        }
    }

    private static int ClassOf(nuint size)
    {
        int sizeClass = 0;
        while (((nuint)1 << (Log2Min + sizeClass)) < size)
        {
            sizeClass++;
        }

        return sizeClass;
    }

    /// <summary>What stands in front of the state.</summary>
    internal struct Slot
    {
        /// <summary>Differs from that of every other state there was; 0 while there is none.</summary>
        public nuint Serial;

        /// <summary>The next free slot.</summary>
        public nuint Next;
    }

    /// <summary>A stack for each size.</summary>
    private struct FreeSlots
    {
        public TaggedStack Smallest;
#pragma warning disable CS0169, CA1823, IDE0051 // reached from the first one
        private fixed ulong _others[Classes - 1];
#pragma warning restore CS0169, CA1823, IDE0051
    }
}
