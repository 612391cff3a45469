using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Caches a thread's free slots for headers of collections; see <see cref="StateSlots"/>.</summary>
/// <remarks>
/// Creating and disposing a collection then takes no atomic operation. The lists lie outside the managed
/// heap, where the thread finds them by one load. They are used by their thread alone, and when it has ended,
/// by the finalizer thread.
/// </remarks>
internal sealed unsafe class HeaderSlots
{
    // Of each size; more go to the other threads.
    private const int MaxCount = 32;

    // Referenced by its thread alone, so that it is finalized when the thread has ended.
    [ThreadStatic]
    private static HeaderSlots? t_owner;

    private readonly List* _lists;

    private HeaderSlots(List* lists) => _lists = lists;

    /// <summary>Returns the slots to <see cref="StateSlots"/>: the thread has ended.</summary>
    ~HeaderSlots()
    {
        for (int index = 0; index < Count; index++)
        {
            while (_lists[index].TryPop() is var slot && slot != null)
            {
                StateSlots.Free(slot, (nuint)StateSlots.Alignment << index);
            }
        }

        StateSlots.Slot* lists = (StateSlots.Slot*)_lists - 1;
        lists->Serial = 0;
        StateSlots.Free(lists, Size);
    }

    /// <summary>Allocates a slot with undefined contents; returns null if out of memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* Allocate(nuint size)
    {
        List* lists = (List*)ThreadWords.t_headerSlots;
        StateSlots.Slot* slot = lists != null ? lists[Index(size)].TryPop() : null;
        return slot != null ? slot : StateSlots.Allocate(size);
    }

    /// <summary>Frees a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Free(void* slot, nuint size)
    {
        StateSlots.Slot* freed = (StateSlots.Slot*)slot;
        freed->Serial = 0;
        List* lists = (List*)ThreadWords.t_headerSlots;
        if (lists == null || !lists[Index(size)].TryPush(freed))
        {
            FreeSlow(freed, size);
        }
    }

    private static int Count => Index(StateSlots.MaxSize) + 1;

    private static nuint Size => (nuint)(sizeof(StateSlots.Slot) + (Count * sizeof(List)));

    private static int Index(nuint size) =>
        BitOperations.Log2((size - 1) | (StateSlots.Alignment - 1)) + 1
        - BitOperations.Log2(StateSlots.Alignment);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FreeSlow(StateSlots.Slot* freed, nuint size)
    {
        if (ThreadWords.t_headerSlots == null && StateSlots.Allocate(Size) is var slot && slot != null)
        {
            t_owner = new HeaderSlots((List*)(slot + 1));
            ThreadWords.t_headerSlots = slot + 1;
            _ = ((List*)(slot + 1))[Index(size)].TryPush(freed);
            return;
        }

        StateSlots.Free(freed, size);
    }

    private struct List
    {
        private StateSlots.Slot* _first;
        private nint _count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal bool TryPush(StateSlots.Slot* slot)
        {
            if (_count >= MaxCount)
            {
                return false;
            }

            slot->Next = (nuint)_first;
            _first = slot;
            _count++;
            return true;
        }
    }
}
