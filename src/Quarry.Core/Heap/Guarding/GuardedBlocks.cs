using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Serves blocks that end at an inaccessible page, and are inaccessible once they are freed.
/// </summary>
/// <remarks>
/// <para>
/// The address space is divided into slots of the same size, each for one block. Only the pages that contain
/// the block are accessible, so an access behind the block faults at once, and so does an access to a freed
/// block. A block begins at a multiple of 16; the up to 15 bytes behind it, and the bytes of its first page
/// before it, are filled with a pattern that is compared when the block is freed.
/// </para>
/// <code>
///  slot: 64 KiB                                                                    next slot
///  ┌───────────────────────────────────────────┬──────────────────┬───────────┬──┐┌──────
///  │ inaccessible: at least 32 KiB             │ pattern          │ block     │p ││ inaccessible
///  └───────────────────────────────────────────┴──────────────────┴───────────┴──┘└──────
///                                              └──────── accessible while in use ─┘
/// </code>
/// <para>
/// Slots are used in turn, so the one that was freed longest ago is used next, and a dangling pointer faults
/// for as long as possible. The idea, sampling included, is that of Electric Fence (Perens, 1987) and
/// GWP-ASan (Serebryany et al., 2023).
/// </para>
/// <para>
/// No lock: a slot changes hands by a compare-and-swap, so it works in signal handlers. A thread that is
/// killed in between leaks a slot.
/// </para>
/// </remarks>
internal unsafe partial struct GuardedBlocks
{
    /// <summary>The largest size of a guarded block.</summary>
    internal const nuint MaxSize = 32 * 1024;

    // That of malloc.
    private const nuint Alignment = 16;

    // A power of two above twice the largest size: a size that is a multiple of an alignment then begins at a
    // multiple of it, and at least as much as the largest block is inaccessible before each block.
    private const int Log2Slot = 16;
    private const nuint SlotBytes = 1 << Log2Slot;

    // Four slots for each block that may be in use: so the last blocks that were freed stay inaccessible for
    // a while even if the others never return.
    private const nuint SlotsPerBlock = 4;

    // Attempts to find a slot before the block is served as an ordinary one.
    private const int Attempts = 16;

    private const byte Pattern = 0xab;

    private GuardOptions _options;
    private byte* _base;
    private nuint _slotCount;
    private nuint _next;
    private nuint _inUse;
    private nuint _nextTime;
    private MemoryAccount _account;

    /// <summary>Gets the mean number of allocations between two guarded ones.</summary>
    internal readonly nuint Interval => _options.Interval;

    /// <summary>Gets the number of blocks in use.</summary>
    internal readonly nuint InUse => _inUse;

    /// <summary>Reserves the slots; returns null if out of memory.</summary>
    internal static GuardedBlocks* TryCreate(GuardOptions options)
    {
        nuint slots = options.MaxBlocks * SlotsPerBlock;
        nuint counts = (nuint)BlockCounts.Steps * (nuint)sizeof(BlockCounts);
        nuint bytes = Layout.AlignUp(
            (nuint)sizeof(GuardedBlocks) + (slots * (nuint)sizeof(GuardSlot)) + counts, Os.PageSize);
        GuardedBlocks* guards = (GuardedBlocks*)Os.Map(bytes);
        if (guards == null)
        {
            return null;
        }

        PageSource source = PageSource.System();

        // The slot behind the last one stays inaccessible.
        void* start = source.Reserve(source.State, (slots + 1) << Log2Slot, SlotBytes);
        if (start == null)
        {
            Os.Unmap(guards, bytes);
            return null;
        }

        guards->_options = options;
        guards->_base = (byte*)start;
        guards->_slotCount = slots;
        return guards;
    }

    /// <summary>Determines whether an address is in the slots.</summary>
    internal readonly bool Contains(void* address) =>
        (nuint)((byte*)address - _base) < _slotCount << Log2Slot;

    /// <summary>Allocates a zeroed block; returns null if no slot is free, or there is no memory.</summary>
    /// <param name="guards">The slots.</param>
    /// <param name="size">The number of bytes; a multiple of the alignment if that is above 16.</param>
    /// <param name="threadId">The ID of the calling thread.</param>
    internal static void* Allocate(GuardedBlocks* guards, nuint size, int threadId)
    {
        size = size == 0 ? 1 : size;
        if (size > MaxSize || !guards->IsDue())
        {
            return null;
        }

        nuint index = 0;
        if (Atomic.Add(ref guards->_inUse, 1) > guards->_options.MaxBlocks || !guards->TryTake(out index))
        {
            _ = Atomic.Subtract(ref guards->_inUse, 1);
            return null;
        }

        byte* end = guards->_base + ((index + 1) << Log2Slot);
        byte* block = (byte*)Layout.AlignDown((nuint)end - size, Alignment);
        byte* pages = (byte*)Layout.AlignDown((nuint)block, Os.PageSize);
        GuardSlot* slot = guards->SlotAt(index);

        // Not committed: core dumps would include it, for the price of splitting the mapping once more.
        bool charged = guards->_account.TryCharge((nuint)(end - pages));
        if (!charged || !Os.MakeWritable(pages, (nuint)(end - pages)))
        {
            if (charged)
            {
                guards->_account.Uncharge((nuint)(end - pages));
            }

            _ = Atomic.Subtract(ref guards->_inUse, 1);
            Atomic.Write(ref slot->State, GuardSlotState.Unused);
            return null;
        }

        Memory.Fill(pages, (nuint)(block - pages), Pattern);
        Memory.Fill(block + size, (nuint)(end - block) - size, Pattern);
        slot->Address = (nuint)block;
        slot->Size = size;
        slot->AllocatingThread = threadId;
        slot->AllocationFrames = guards->Walk(slot->Allocation);
        slot->ReleaseFrames = 0;
        BlockCounts.Add(guards->Counts(), size);
        Atomic.Write(ref slot->State, GuardSlotState.InUse);
        return block;
    }

    /// <summary>
    /// Returns the size of the block in use that begins at an address, in bytes; 0 if there is none.
    /// </summary>
    internal readonly nuint SizeOf(void* address)
    {
        GuardSlot* slot = Find(address);
        return slot != null && slot->Address == (nuint)address
            && Atomic.Read(ref slot->State) == GuardSlotState.InUse ? slot->Size : 0;
    }

    /// <summary>Frees a block. An address that is not one is reported.</summary>
    /// <param name="guards">The slots, which contain the address.</param>
    /// <param name="address">The block.</param>
    /// <param name="threadId">The ID of the calling thread; 0 if it is not known.</param>
    internal static void Free(GuardedBlocks* guards, void* address, int threadId)
    {
        GuardSlot* slot = guards->Find(address);
        if (slot->Address != (nuint)address)
        {
            guards->Report(guards, GuardError.InvalidFree, address);
            return;
        }

        if (!Atomic.TryReplace(ref slot->State, GuardSlotState.InUse, GuardSlotState.Changing))
        {
            guards->Report(guards, GuardError.DoubleFree, address);
            return;
        }

        slot->FreeingThread = threadId;
        slot->ReleaseFrames = guards->Walk(slot->Release);
        GuardError damage = guards->FindDamage(slot);
        if (damage != GuardError.None)
        {
            guards->Report(guards, damage, address);
        }

        byte* pages = (byte*)Layout.AlignDown(slot->Address, Os.PageSize);
        nuint bytes = (nuint)(guards->EndOf(slot) - pages);
        Os.Decommit(pages, bytes);
        guards->_account.Uncharge(bytes);
        BlockCounts.Remove(guards->Counts(), slot->Size);
        Atomic.Write(ref slot->State, GuardSlotState.Freed);
        _ = Atomic.Subtract(ref guards->_inUse, 1);
    }

    /// <summary>Reports an address that is resized, but is not a block in use.</summary>
    internal static void ReportInvalid(GuardedBlocks* guards, void* address)
    {
        GuardSlot* slot = guards->Find(address);
        bool freed = slot->Address == (nuint)address && slot->State == GuardSlotState.Freed;
        guards->Report(guards, freed ? GuardError.UseAfterFree : GuardError.InvalidFree, address);
    }

    /// <summary>Determines whether a block may be guarded now, and if so, counts it.</summary>
    /// <remarks>Threads that ask in the same moment may get one more.</remarks>
    private bool IsDue()
    {
        if (_options.LeastMilliseconds == 0)
        {
            return true;
        }

        nuint now = Os.Milliseconds(), next = Atomic.Read(ref _nextTime);
        return now >= next && Atomic.TryReplace(ref _nextTime, next, now + _options.LeastMilliseconds);
    }

    private bool TryTake(out nuint index)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            index = (Atomic.Add(ref _next, 1) - 1) % _slotCount;
            GuardSlot* slot = SlotAt(index);
            nuint state = Atomic.Read(ref slot->State);
            if (state is GuardSlotState.Unused or GuardSlotState.Freed
                && Atomic.TryReplace(ref slot->State, state, GuardSlotState.Changing))
            {
                return true;
            }
        }

        index = 0;
        return false;
    }

    private readonly GuardError FindDamage(GuardSlot* slot)
    {
        byte* block = (byte*)slot->Address;
        byte* pages = (byte*)Layout.AlignDown((nuint)block, Os.PageSize);
        return !HasPattern(block + slot->Size, EndOf(slot)) ? GuardError.OverflowFound
            : !HasPattern(pages, block) ? GuardError.UnderflowFound
            : GuardError.None;
    }

    private static bool HasPattern(byte* from, byte* to)
    {
        while (from < to && *from == Pattern)
        {
            from++;
        }

        return from == to;
    }

    private readonly int Walk(ulong* frames) =>
        _options.Walk == null ? 0 : _options.Walk(frames, GuardSlot.MaxFrames);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void Report(GuardedBlocks* guards, GuardError error, void* address)
    {
        if (_options.OnError != null)
        {
            _options.OnError(guards, error, address);
        }
    }

    /// <summary>Returns the slot that contains an address; null if none does.</summary>
    internal readonly GuardSlot* Find(void* address) =>
        Contains(address) ? SlotAt((nuint)((byte*)address - _base) >> Log2Slot) : null;

    // The records follow this structure, which is always in memory of its own.
    private readonly GuardSlot* SlotAt(nuint index) =>
        (GuardSlot*)((GuardedBlocks*)Unsafe.AsPointer(ref Unsafe.AsRef(in this)) + 1) + index;

    /// <summary>Returns the account to which the memory is charged.</summary>
    internal static MemoryAccount* AccountOf(GuardedBlocks* guards) => &guards->_account;

    /// <summary>Gets the number of bytes of address space.</summary>
    internal readonly nuint MappedBytes => _slotCount << Log2Slot;

    /// <summary>Returns the counts of the blocks, by the steps of their sizes.</summary>
    internal readonly BlockCounts* Counts() => (BlockCounts*)SlotAt(_slotCount);

    /// <summary>Returns the word for the sample record of a block in use; null if there is none.</summary>
    internal readonly nuint* SampleOf(void* block) => SizeOf(block) == 0 ? null : &Find(block)->Sample;

    private readonly byte* EndOf(GuardSlot* slot) =>
        _base + ((nuint)(slot - SlotAt(0) + 1) << Log2Slot);
}
