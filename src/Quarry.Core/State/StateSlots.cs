namespace Quarry;

/// <summary>
/// Memory for what allocators keep: slots that are used again but never unmapped.
/// </summary>
/// <remarks>
/// A stale handle therefore reads a slot with another serial number, or none, instead of faulting. Free
/// slots of a size form a stack. The upper 16 bits of its head, which no address of ours uses, count the
/// changes, so that a slot that was popped and pushed meanwhile is not mistaken for an unchanged head.
/// </remarks>
internal static unsafe class StateSlots
{
    /// <summary>The largest slot; a page.</summary>
    internal const int MaxSize = 1 << (Log2Min + Classes - 1);

    private const int Log2Min = 6, Classes = 7;
    private const int TagShift = 48;
    private const ulong AddressMask = (1ul << TagShift) - 1;
    private const uint ChunkSize = 64 << 10;

    private static nuint s_serials;
    private static nuint s_chunk;
#pragma warning disable CS0169 // used through its address
    private static Heads s_heads;
#pragma warning restore CS0169

    /// <summary>A slot, zeroed but for its serial number; null if the system has no memory.</summary>
    internal static Slot* Take(nuint size)
    {
        int sizeClass = ClassOf(size);
        fixed (ulong* heads = s_heads.Words)
        {
            Slot* slot = Pop(ref heads[sizeClass]);
            if (slot == null)
            {
                slot = Carve((nuint)1 << (Log2Min + sizeClass));
            }
            else
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
        fixed (ulong* heads = s_heads.Words)
        {
            ref ulong head = ref heads[ClassOf(size)];
            ulong seen;
            do
            {
                seen = Atomic.Read(ref head);
                Atomic.Write(ref slot->Next, (nuint)(seen & AddressMask));
            }
            while (!Atomic.TryReplace(ref head, seen, Changed(seen, (ulong)slot)));
        }
    }

    private static Slot* Pop(ref ulong head)
    {
        for (; ; )
        {
            ulong seen = Atomic.Read(ref head);
            Slot* slot = (Slot*)(seen & AddressMask);
            if (slot == null || Atomic.TryReplace(ref head, seen, Changed(seen, Atomic.Read(ref slot->Next))))
            {
                return slot;
            }
        }
    }

    private static ulong Changed(ulong head, ulong address) =>
        (((head >> TagShift) + 1) << TagShift) | address;

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

    private struct Heads
    {
        public fixed ulong Words[Classes];
    }
}
