using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Canaries, and the contents of freed blocks.</content>
internal unsafe partial struct IsolatedHeap
{
    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;

    // No byte of a canary is one that text or small numbers have.
    private const ulong HighBits = 0x8080_8080_8080_8080;

    /// <summary>Returns what a canary at an address holds, for a block.</summary>
    /// <remarks>
    /// Each byte depends on its address modulo 8, so that two canaries of a slot that overlap are equal
    /// there.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong Canary(byte* block, byte* at)
    {
        ulong value = ((_options.Secret ^ (nuint)block) * GoldenRatio) | HighBits;
        return BitOperations.RotateRight(value, (int)((nuint)at & 7) * 8);
    }

    private readonly void WriteCanaries(byte* block, nuint size, nuint slot)
    {
        byte* end = block + slot - CanaryBytes;
        *(ulong*)(block + size) = Canary(block, block + size);
        *(ulong*)end = Canary(block, end);
    }

    /// <summary>
    /// Compares the canaries behind a block and before it, and reports and restores those that have changed.
    /// </summary>
    private static void CompareCanaries(IsolatedHeap* heap, Slab* slab, uint index, byte* block, nuint size)
    {
        byte* last = block + slab->SlotSize - CanaryBytes;
        if (*(ulong*)(block + size) != heap->Canary(block, block + size)
            || *(ulong*)last != heap->Canary(block, last))
        {
            Report(heap, GuardError.OverflowFound, block, Find(heap, block));
            heap->WriteCanaries(block, size, slab->SlotSize);
        }

        byte* before = block - slab->SlotSize, end = block - CanaryBytes;
        uint state = index == 0 ? 0 : Atomic.Read(ref *Slab.Record(slab, index - 1, heap->_recordWords));
        if (SlotState.Of(state) == SlotState.Unused)
        {
            // Of a slot that was never used, which reads as zeros; or it is another slab's.
            if (index != 0 && index < slab->Extended && *(ulong*)end != 0 && IsUnused(heap, slab, index - 1))
            {
                Report(heap, GuardError.UnderflowFound, block, Find(heap, block));
                *(ulong*)end = 0;
            }
        }
        else if (*(ulong*)end != heap->Canary(before, end))
        {
            CompareBefore(heap, before, end, block, state);
        }
    }

    // The slot before may have come into use since its state was read.
    private static bool IsUnused(IsolatedHeap* heap, Slab* slab, uint index) =>
        SlotState.Of(Atomic.Read(ref *Slab.Record(slab, index, heap->_recordWords))) == SlotState.Unused;

    /// <summary>Reports a changed canary as an error of the block before or of the block behind.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CompareBefore(
        IsolatedHeap* heap, byte* before, byte* end, byte* block, uint state)
    {
        if (SlotState.Of(state) == SlotState.Changing)
        {
            // The thread that allocates it writes the canary before it sets the state.
            return;
        }

        // An overflow of the block before begins directly behind it.
        nuint size = state & SlotState.SizeMask;
        bool overflow = SlotState.Of(state) == SlotState.InUse
            && *(before + size) != (byte)heap->Canary(before, before + size);
        byte* damaged = overflow ? before : block;
        Report(
            heap,
            overflow ? GuardError.OverflowFound : GuardError.UnderflowFound,
            damaged,
            Find(heap, damaged));
        *(ulong*)end = heap->Canary(before, end);
    }

    /// <summary>
    /// Determines whether a freed block has its filling; if not, reports that it was written to.
    /// </summary>
    private static bool CompareFreed(IsolatedHeap* heap, byte* block, nuint slot)
    {
        nuint changed = heap->FindChange(block, slot - CanaryBytes);
        if (changed == slot - CanaryBytes)
        {
            return true;
        }

        Report(heap, GuardError.WriteAfterFree, block + changed, Find(heap, block));
        return false;
    }

    /// <summary>Returns the offset of the first word without the filling; the length if there is none.
    /// </summary>
    private readonly nuint FindChange(byte* block, nuint length)
    {
        ulong filling = _options.FreedByte * 0x0101_0101_0101_0101u;
        nuint offset = 0;
        for (; offset + 32 <= length; offset += 32)
        {
            ulong* words = (ulong*)(block + offset);
            ulong first = (words[0] ^ filling) | (words[1] ^ filling);
            ulong second = (words[2] ^ filling) | (words[3] ^ filling);
            if ((first | second) != 0)
            {
                break;
            }
        }

        while (offset < length && *(ulong*)(block + offset) == filling)
        {
            offset += sizeof(ulong);
        }

        return offset;
    }
}
