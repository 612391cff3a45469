using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <content>Allocates blocks.</content>
internal unsafe partial struct IsolatedHeap
{
    // Slots are put into use in steps, so that a class of which a program needs a few blocks touches a few
    // pages; the order is random within the slots in use.
    private const uint StepBytes = 8192, StepSlots = 8;

    /// <summary>
    /// Allocates a block; returns null if out of memory, or if the lock cannot be entered.
    /// </summary>
    /// <param name="heap">The heap.</param>
    /// <param name="size">The number of bytes.</param>
    /// <param name="alignment">The alignment, in bytes; a power of two.</param>
    /// <param name="zero">True to zero the block.</param>
    /// <param name="thread">The calling thread; null if unknown.</param>
    internal static void* Allocate(
        IsolatedHeap* heap, nuint size, nuint alignment, bool zero, IsolatedThread* thread)
    {
        thread = thread == null ? &heap->_unknownThread : thread;

        // A block of no bytes has one, so that it has a usable size.
        size = size == 0 ? 1 : size;
        nuint slot = size + CanaryBytes;
        if (alignment > MinAlignment)
        {
            slot = Layout.AlignUp(slot, alignment);
        }

        if (size > MaxSlot - CanaryBytes || alignment > MaxSlot || slot > MaxSlot)
        {
            return AllocateLarge(heap, size, alignment, zero, thread);
        }

        SlotClass* slots = ClassOf(heap, slot, thread);
        if (!slots->Lock.TryEnter(thread))
        {
            return null;
        }

        byte* block = Take(heap, slots, thread, out Slab* slab, out uint* record, out uint former);
        if (block != null)
        {
            slots->Counts.AllocatedBytes += size;
            slots->Counts.Allocated++;
        }

        slots->Lock.Exit();
        if (block == null)
        {
            return null;
        }

        bool clean = SlotState.Of(former) == SlotState.Unused || CompareFreed(heap, block, slab->SlotSize);
        if (heap->_options.FillsAllocated || !clean)
        {
            bool junk = heap->_options.FillsAllocated && !zero;
            Memory.Fill(block, size, junk ? Junk : (byte)0);
        }
        else if (zero && heap->_options.FreedByte != 0)
        {
            Memory.Clear(block, size);
        }

        heap->WriteCanaries(block, size, slab->SlotSize);
        if (heap->_options.Explains)
        {
            BlockHistory* history = (BlockHistory*)(record + 1);
            history->AllocationStack = StackOf(heap, thread);
            history->ReleaseStack = 0;
            history->AllocatingThread = thread->Id;
        }

        // Last: a thread that reads the state relies on the canary at the end of the slot.
        Volatile.Write(ref *record, SlotState.Pack(SlotState.InUse, size));
        return block;
    }

    /// <summary>Takes a free slot of a class, and marks it as changing; null if out of memory.</summary>
    private static byte* Take(
        IsolatedHeap* heap, SlotClass* slots, IsolatedThread* thread,
        out Slab* slab, out uint* record, out uint former)
    {
        record = null;
        former = 0;
        slab = slots->First;
        if (slab == null)
        {
            slab = TakeSlab(heap, (int)(slots - heap->_slotClasses), thread);
            if (slab == null)
            {
                return null;
            }

            SlotClass.Link(slots, slab);
        }
        else if (slab->Next != null && heap->_options.Randomizes && (SlotClass.Draw(slots, 2) & 1) != 0)
        {
            slab = slab->Next;
        }

        if (slab->FreeSlots == 0)
        {
            Extend(slots, slab);
        }

        uint index = TakeSlot(slots, slab, heap->_options.Randomizes);
        slab->FreeSlots--;
        slots->FreeSlots--;
        if (slab->FreeSlots == 0 && slab->Extended == slab->Capacity)
        {
            SlotClass.Unlink(slots, slab);
        }

        record = Slab.Record(slab, index, heap->_recordWords);
        former = *record;
        Volatile.Write(ref *record, SlotState.Pack(SlotState.Changing, former & SlotState.SizeMask));
        return heap->StartOf(slab) + (index * slab->SlotSize);
    }

    private static void Extend(SlotClass* slots, Slab* slab)
    {
        uint step = StepBytes / slab->SlotSize;
        step = step < StepSlots ? StepSlots : step;
        uint room = slab->Capacity - slab->Extended;
        step = step > room ? room : step;
        ulong* bitmap = Slab.Bitmap(slab);
        for (uint index = slab->Extended; index < slab->Extended + step; index++)
        {
            bitmap[index / 64] |= 1ul << (int)(index % 64);
        }

        slab->Extended += step;
        slab->FreeSlots += step;
        slots->FreeSlots += step;
    }

    /// <summary>Clears the bit of a free slot, of which there is one: the first, or a random one.</summary>
    /// <remarks>
    /// A random one is one of the next eight free ones of a word behind a random slot. The very next would
    /// mostly be the first of those that were put into use last, and the order that of the addresses.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint TakeSlot(SlotClass* slots, Slab* slab, bool random)
    {
        ulong* bitmap = Slab.Bitmap(slab);
        uint words = (slab->Extended + 63) / 64;
        uint word = random && words > 1 ? (uint)SlotClass.Draw(slots, words) : 0;
        while (bitmap[word] == 0)
        {
            word = word + 1 == words ? 0 : word + 1;
        }

        ulong bits = bitmap[word];
        int turn = 0;
        if (random)
        {
            turn = (int)SlotClass.Draw(slots, 64);
            bits = BitOperations.RotateRight(bits, turn);
            int free = BitOperations.PopCount(bits);
            nuint skipped = SlotClass.Draw(slots, free < StepSlots ? (nuint)free : StepSlots);
            for (; skipped > 0; skipped--)
            {
                bits &= bits - 1;
            }
        }

        int bit = (BitOperations.TrailingZeroCount(bits) + turn) % 64;
        bitmap[word] &= ~(1ul << bit);
        return (word * 64) + (uint)bit;
    }
}
