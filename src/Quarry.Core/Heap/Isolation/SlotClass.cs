using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>The slabs of one size in a shard of an <see cref="IsolatedHeap"/>, and the quarantine.</summary>
/// <remarks>The lock guards all fields but those that are set once.</remarks>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal unsafe struct SlotClass
{
    public ThreadLock Lock;

    /// <summary>The slabs with a free or an untouched slot.</summary>
    public Slab* First;

    /// <summary>The state of the generator of random numbers.</summary>
    public ulong Random;

    /// <summary>The number of free slots of all slabs.</summary>
    public nuint FreeSlots;

    /// <summary>The quarantine: addresses of freed blocks; null where there is none yet.</summary>
    public void** Quarantine;

    /// <summary>The length of the quarantine; set once.</summary>
    public nuint QuarantineLength;

    /// <summary>The place in the quarantine of the next block, if the order is not random.</summary>
    public nuint QuarantineNext;

    /// <summary>The blocks, by the sizes requested.</summary>
    public BlockCounts Counts;

    /// <summary>Returns a number below a limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint Draw(SlotClass* slots, nuint limit)
    {
        // Marsaglia's xorshift64*: the upper half of the product is reduced by another product.
        ulong state = slots->Random;
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        slots->Random = state;
        ulong high = (state * 0x2545_F491_4F6C_DD1D) >> 32;
        return (nuint)((high * limit) >> 32);
    }

    internal static void Link(SlotClass* slots, Slab* slab)
    {
        slab->IsLinked = true;
        slab->Previous = null;
        slab->Next = slots->First;
        if (slab->Next != null)
        {
            slab->Next->Previous = slab;
        }

        slots->First = slab;
    }

    internal static void Unlink(SlotClass* slots, Slab* slab)
    {
        slab->IsLinked = false;
        if (slab->Next != null)
        {
            slab->Next->Previous = slab->Previous;
        }

        if (slab->Previous != null)
        {
            slab->Previous->Next = slab->Next;
        }
        else
        {
            slots->First = slab->Next;
        }
    }
}
