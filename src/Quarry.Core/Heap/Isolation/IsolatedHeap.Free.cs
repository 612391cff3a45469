using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <content>Frees and resizes blocks.</content>
internal unsafe partial struct IsolatedHeap
{
    /// <summary>Frees a block. An address in this heap that is not a block in use is reported.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="address">The block.</param>
    /// <param name="request">What the program passes about it; null for nothing.</param>
    /// <param name="thread">The calling thread; null if unknown.</param>
    /// <returns>False if the address is not in this heap.</returns>
    internal static bool TryFree(
        IsolatedHeap* heap, void* address, FreeRequest* request, IsolatedThread* thread)
    {
        thread = thread == null ? &heap->_unknownThread : thread;
        if (!heap->IsInSlabs(address))
        {
            return TryFreeLarge(heap, address, request, thread);
        }

        Slab* slab = heap->SlabOf(address);
        nuint offset = slab == null ? 1 : (nuint)((byte*)address - heap->StartOf(slab));
        uint index = slab == null ? 0 : (uint)offset / slab->SlotSize;
        if (slab == null || offset != index * slab->SlotSize || index >= slab->Capacity)
        {
            Report(heap, GuardError.InvalidFree, address, Find(heap, address));
            return true;
        }

        uint* record = Slab.Record(slab, index, heap->_recordWords);
        uint state = Atomic.Read(ref *record);
        nuint size = state & SlotState.SizeMask;
        if (SlotState.Of(state) != SlotState.InUse
            || !Atomic.TryReplace(ref *record, state, SlotState.Pack(SlotState.Changing, size)))
        {
            GuardError error = SlotState.Of(state) == SlotState.Unused
                ? GuardError.InvalidFree
                : GuardError.DoubleFree;
            Report(heap, error, address, Find(heap, address));
            return true;
        }

        if (heap->_options.Explains)
        {
            BlockHistory* history = (BlockHistory*)(record + 1);
            history->ReleaseStack = StackOf(heap, thread);
            history->FreeingThread = thread->Id;
        }

        byte* block = (byte*)address;
        if (request != null)
        {
            CompareRequest(heap, block, size, request);
        }

        CompareCanaries(heap, slab, index, block, size);
        Memory.Fill(block, slab->SlotSize - CanaryBytes, heap->_options.FreedByte);
        Volatile.Write(ref *record, SlotState.Pack(SlotState.Quarantined, size));
        SlotClass* slots = heap->_slotClasses + slab->Class;
        if (slots->Lock.TryEnter(thread))
        {
            slots->Counts.FreedBytes += size;
            slots->Counts.Freed++;
            Slab* empty = Evict(heap, slots, block);
            slots->Lock.Exit();
            if (empty != null)
            {
                ReturnSlab(heap, empty, thread);
            }
        }

        return true;
    }

    /// <summary>
    /// Makes a large block larger without copying it; returns null if that is impossible.
    /// </summary>
    internal static void* TryMove(IsolatedHeap* heap, void* address, nuint size, IsolatedThread* thread) =>
        heap->IsInSlabs(address)
            ? null
            : TryMoveLarge(heap, address, size, thread == null ? &heap->_unknownThread : thread);

    /// <summary>
    /// Resizes a block without moving it, if the policy and its slot permit that.
    /// </summary>
    /// <returns>False if the block must be moved, or the address is not that of a block in use.</returns>
    internal static bool TryResize(IsolatedHeap* heap, void* address, nuint size)
    {
        size = size == 0 ? 1 : size;
        Slab* slab = heap->_options.Explains || !heap->IsInSlabs(address) ? null : heap->SlabOf(address);
        if (slab == null || size > MaxSlot - CanaryBytes
            || EightPerDoubling.SizeOf(EightPerDoubling.IndexOf(size + CanaryBytes)) != slab->SlotSize)
        {
            return false;
        }

        byte* block = (byte*)address;
        nuint offset = (nuint)(block - heap->StartOf(slab));
        uint index = (uint)offset / slab->SlotSize;
        uint* record = Slab.Record(slab, index, heap->_recordWords);
        uint state = Atomic.Read(ref *record);
        if (offset != index * slab->SlotSize || index >= slab->Capacity
            || SlotState.Of(state) != SlotState.InUse)
        {
            return false;
        }

        nuint former = state & SlotState.SizeMask;
        CompareCanaries(heap, slab, index, block, former);
        if (size > former)
        {
            Memory.Fill(block + former, size - former, heap->_options.FreedByte);
        }

        heap->WriteCanaries(block, size, slab->SlotSize);
        Volatile.Write(ref *record, SlotState.Pack(SlotState.InUse, size));
        heap->CountResized(former, size);
        return true;
    }

    /// <summary>Reports an address that is resized, but is not that of a block in use.</summary>
    internal static void ReportInvalid(IsolatedHeap* heap, void* address)
    {
        IsolatedBlock block = Find(heap, address);
        bool freed = block.Address == address && block.State != SlotState.InUse;
        Report(heap, freed ? GuardError.UseAfterFree : GuardError.InvalidFree, address, block);
    }

    /// <summary>Puts a block into the quarantine, and frees the slot of the one that leaves it.</summary>
    /// <returns>A slab that has no used slot any more, and is no longer of the class; or null.</returns>
    private static Slab* Evict(IsolatedHeap* heap, SlotClass* slots, byte* block)
    {
        nuint place = heap->_options.Randomizes
            ? SlotClass.Draw(slots, slots->QuarantineLength)
            : slots->QuarantineNext;
        byte* evicted = (byte*)slots->Quarantine[place];
        slots->Quarantine[place] = block;
        slots->QuarantineNext = slots->QuarantineNext + 1 == slots->QuarantineLength
            ? 0
            : slots->QuarantineNext + 1;
        if (evicted == null)
        {
            return null;
        }

        Slab* slab = heap->SlabOf(evicted);
        uint index = (uint)(evicted - heap->StartOf(slab)) / slab->SlotSize;
        uint* record = Slab.Record(slab, index, heap->_recordWords);
        Volatile.Write(ref *record, SlotState.Pack(SlotState.Free, *record & SlotState.SizeMask));
        Slab.Bitmap(slab)[index / 64] |= 1ul << (int)(index % 64);
        slab->FreeSlots++;
        slots->FreeSlots++;
        if (!slab->IsLinked)
        {
            SlotClass.Link(slots, slab);
        }

        // As many free slots as two slabs have stay, so that a class does not return and take a slab by
        // turns.
        if (slab->FreeSlots < slab->Extended || slots->FreeSlots < slab->FreeSlots + (2 * slab->Capacity))
        {
            return null;
        }

        slots->FreeSlots -= slab->FreeSlots;
        SlotClass.Unlink(slots, slab);
        return slab;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CompareRequest(IsolatedHeap* heap, byte* block, nuint size, FreeRequest* request)
    {
        if (!request->IsSizeOf(size))
        {
            Report(heap, GuardError.WrongSize, block, Find(heap, block), request->Size);
        }

        if (request->Alignment != FreeRequest.Unsaid && ((nuint)block & (request->Alignment - 1)) != 0)
        {
            Report(heap, GuardError.WrongAlignment, block, Find(heap, block), request->Alignment);
        }
    }
}
