using System;
using System.Numerics;

namespace Quarry;

/// <summary>Caches a thread's free slots for headers of collections; see <see cref="StateSlots"/>.</summary>
/// <remarks>
/// Creating and disposing a collection then takes no atomic operation. A cache is used by its thread alone,
/// and by the finalizer thread when that thread has ended.
/// </remarks>
internal sealed unsafe class HeaderSlots
{
    // Of each size; more go to the other threads.
    private const int MaxCount = 32;

    [ThreadStatic]
    private static HeaderSlots? t_slots;

    private readonly List[] _lists = new List[Index(StateSlots.MaxSize) + 1];

    private HeaderSlots()
    {
    }

    /// <summary>Returns the slots to <see cref="StateSlots"/>: the thread has ended.</summary>
    ~HeaderSlots()
    {
        for (int index = 0; index < _lists.Length; index++)
        {
            while (_lists[index].TryPop() is var slot && slot != null)
            {
                StateSlots.Free(slot, (nuint)StateSlots.Alignment << index);
            }
        }
    }

    /// <summary>Allocates a slot with undefined contents; returns null if out of memory.</summary>
    internal static void* Allocate(nuint size)
    {
        StateSlots.Slot* slot = (t_slots ??= new HeaderSlots())._lists[Index(size)].TryPop();
        return slot != null ? slot : StateSlots.Allocate(size);
    }

    /// <summary>Frees a slot.</summary>
    internal static void Free(void* slot, nuint size)
    {
        StateSlots.Slot* freed = (StateSlots.Slot*)slot;
        freed->Serial = 0;
        if (!(t_slots ??= new HeaderSlots())._lists[Index(size)].TryPush(freed))
        {
            StateSlots.Free(freed, size);
        }
    }

    private static int Index(nuint size) =>
        BitOperations.Log2((size - 1) | (StateSlots.Alignment - 1)) + 1
        - BitOperations.Log2(StateSlots.Alignment);

    private struct List
    {
        private StateSlots.Slot* _first;
        private int _count;

        internal StateSlots.Slot* TryPop()
        {
            StateSlots.Slot* slot = _first;
            if (slot != null)
            {
                _first = (StateSlots.Slot*)slot->Next;
                _count--;
            }

            return slot;
        }

        internal bool TryPush(StateSlots.Slot* slot)
        {
            bool hasRoom = _count < MaxCount;
            if (hasRoom)
            {
                slot->Next = (nuint)_first;
                _first = slot;
                _count++;
            }

            return hasRoom;
        }
    }
}
