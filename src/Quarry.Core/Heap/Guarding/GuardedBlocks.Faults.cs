namespace Quarry;

/// <content>Explains faults.</content>
internal unsafe partial struct GuardedBlocks
{
    /// <summary>Determines what an access that faulted did wrong, and with which block.</summary>
    /// <param name="address">The address that was accessed, in the slots.</param>
    /// <param name="slot">The slot of the block.</param>
    internal readonly GuardError Explain(void* address, out GuardSlot* slot)
    {
        slot = Find(address);
        nuint index = (nuint)(slot - SlotAt(0));
        if ((nuint)address >= slot->Address && slot->Address != 0)
        {
            return GuardError.UseAfterFree;
        }

        // In the inaccessible part of the slot: nearer to its end, so to its own block, or to the block of
        // the slot before?
        GuardSlot* before = index == 0 ? null : SlotAt(index - 1);
        nuint offset = (nuint)address & (SlotBytes - 1);
        bool behind = before != null && before->Address != 0
            && (offset < SlotBytes / 4 || slot->Address == 0);
        if (behind)
        {
            slot = before;
            return Atomic.Read(ref slot->State) == GuardSlotState.InUse
                ? GuardError.Overflow
                : GuardError.UseAfterFree;
        }

        return slot->Address == 0 ? GuardError.WildAccess
            : Atomic.Read(ref slot->State) == GuardSlotState.InUse ? GuardError.Underflow
            : GuardError.UseAfterFree;
    }
}
