using System.Threading;

namespace Quarry;

/// <content>Explains faults, and inspects all blocks.</content>
internal unsafe partial struct IsolatedHeap
{
    /// <summary>Determines what an access that faulted did wrong, and with which block.</summary>
    /// <param name="heap">The heap, which contains the address.</param>
    /// <param name="address">The address that was accessed.</param>
    internal static IsolatedError Explain(IsolatedHeap* heap, void* address)
    {
        IsolatedBlock block = Find(heap, address);
        return new IsolatedError
        {
            Address = address,
            Details = block,
            Error = block.Address == null ? GuardError.WildAccess
                : block.State != SlotState.InUse ? GuardError.UseAfterFree
                : address < block.Address ? GuardError.Underflow
                : GuardError.Overflow,
        };
    }

    /// <summary>
    /// Compares the canaries of all blocks in use, and the contents of freed ones, and reports what has
    /// changed.
    /// </summary>
    internal static void Inspect(IsolatedHeap* heap)
    {
        for (nuint slice = 0; slice < heap->_highWater; slice++)
        {
            Slab* slab = heap->Descriptor(slice);
            for (uint slot = 0; slab->SlotSize != 0 && slot < slab->Extended; slot++)
            {
                InspectSlot(heap, slab, slot);
            }
        }

        for (uint number = 0; number < heap->_large.Used; number++)
        {
            LargeBlock* large = heap->_large.Record(number);
            if (large->Details.State == SlotState.InUse)
            {
                CompareLarge(heap, large);
            }
        }
    }

    /// <summary>Calls a function with each block in use.</summary>
    internal static void ForEachInUse(
        IsolatedHeap* heap, delegate*<IsolatedBlock*, void*, void> function, void* argument)
    {
        for (nuint slice = 0; slice < heap->_highWater; slice++)
        {
            Slab* slab = heap->Descriptor(slice);
            for (uint slot = 0; slab->SlotSize != 0 && slot < slab->Extended; slot++)
            {
                IsolatedBlock block = Find(heap, heap->StartOf(slab) + (slot * slab->SlotSize));
                if (block.State == SlotState.InUse)
                {
                    function(&block, argument);
                }
            }
        }

        for (uint number = 0; number < heap->_large.Used; number++)
        {
            IsolatedBlock block = heap->_large.Record(number)->Details;
            if (block.State == SlotState.InUse)
            {
                function(&block, argument);
            }
        }
    }

    private static void InspectSlot(IsolatedHeap* heap, Slab* slab, uint index)
    {
        uint slot = Volatile.Read(ref slab->SlotSize);
        uint* record = Slab.Record(slab, index, heap->_recordWords);
        uint seen = Atomic.Read(ref *record);
        if (slot == 0)
        {
            return;
        }

        byte* block = heap->StartOf(slab) + (index * slot);
        byte* end = block + (seen & SlotState.SizeMask);
        bool freed = SlotState.Of(seen) is SlotState.Quarantined or SlotState.Free;
        bool damaged = freed
            ? heap->FindChange(block, slot - CanaryBytes) != slot - CanaryBytes
            : SlotState.Of(seen) == SlotState.InUse && *(ulong*)end != heap->Canary(block, end);

        // Other threads may still run, and may have changed the slot since its record was read.
        if (damaged && Atomic.Read(ref *record) == seen && Volatile.Read(ref slab->SlotSize) == slot)
        {
            if (freed)
            {
                _ = CompareFreed(heap, block, slot);
            }
            else
            {
                CompareCanaries(heap, slab, index, block, seen & SlotState.SizeMask);
            }
        }
    }
}
