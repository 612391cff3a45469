using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>The thread heaps of a thread in arenas to which it is not bound.</summary>
/// <remarks>
/// <para>
/// A thread that names an arena often, or frees many of its blocks, has a thread heap there, so that these
/// requests take the fast paths as well, and the frees are posted in chains. It is found by the index of the
/// arena in one of a few slots. An arena may be destroyed although threads have such thread heaps; the key
/// then differs, and the thread heap is not touched any more.
/// </para>
/// <para>
/// Signal handlers do not use the slots: they may have interrupted a fast path.
/// </para>
/// </remarks>
internal static unsafe class ArenaGuests
{
    // Requests that are served by shared thread heaps before a thread gets one of its own, and before a slot
    // changes to another arena.
    private const nuint MissesToEnter = 32;

    /// <summary>
    /// Returns the thread heap in the arena of an index; null if the calling thread is no guest of it.
    /// </summary>
    /// <param name="word">The thread word; a placeholder has empty slots.</param>
    /// <param name="index">The index of an arena that may not exist.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ThreadHeap* TryFind(ThreadHeap* word, uint index)
    {
        GuestSlot* slot = ThreadHeap.Guests(ThreadHeap.HomeOf(word)) + (index % GuestSlot.Count);
        Arena* arena = (Arena*)slot->Place;
        return slot->Key != 0 && arena->Index == index && arena->Key == slot->Key && slot->Thread->Busy == 0
            ? slot->Thread
            : null;
    }

    /// <summary>Returns the thread heap in an arena; null if there is none, or it is busy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ThreadHeap* Find(ThreadHeap* home, Arena* arena)
    {
        GuestSlot* slot = SlotOf(home, arena);
        return slot->Key == arena->Key && slot->Thread->Busy == 0 ? slot->Thread : null;
    }

    /// <summary>Determines whether a thread is in a slow path of its thread heap in an arena.</summary>
    internal static bool IsBusy(ThreadHeap* home, Arena* arena)
    {
        GuestSlot* slot = SlotOf(home, arena);
        return slot->Key == arena->Key && slot->Thread->Busy != 0;
    }

    /// <summary>
    /// Counts a request that no thread heap serves, and returns a new one if there were many; otherwise null.
    /// </summary>
    internal static ThreadHeap* TryEnter(ThreadHeap* own, Arena* arena)
    {
        ThreadHeap* home = ThreadHeap.HomeOf(own);
        GuestSlot* slot = SlotOf(home, arena);
        if (slot->Key == arena->Key || ++slot->Misses < MissesToEnter || home->InSource)
        {
            // Busy, or rarely used; or an extent hook makes the request, possibly inside a slow path of the
            // arena.
            return null;
        }

        slot->Misses = 0;

        // An extent hook that is called under the lock may have made the request.
        if (slot->Key != 0 && !TryRelease(slot))
        {
            return null;
        }

        ThreadHeap* guest = ArenaThreads.Acquire(home, arena);
        if (guest == null)
        {
            return null;
        }

        guest->IsGuest = true;
        if (own->Uncached)
        {
            HeapUpkeep.SetCached(guest, false);
        }

        slot->Thread = guest;
        slot->Place = arena;
        slot->Key = arena->Key;
        return guest;
    }

    /// <summary>
    /// Returns the thread heap in an arena to which the thread is about to be bound, and removes it from its
    /// slot; null if there is none. No other thread may destroy the arena meanwhile.
    /// </summary>
    internal static ThreadHeap* Take(ThreadHeap* home, Arena* arena)
    {
        GuestSlot* slot = SlotOf(home, arena);
        ThreadHeap* guest = Find(home, arena);
        if (guest != null)
        {
            slot->Key = 0;
            guest->IsGuest = false;
        }

        return guest;
    }

    /// <summary>Ends the use of all thread heaps, when the thread ends or changes its properties.</summary>
    internal static void ReleaseAll(ThreadHeap* home)
    {
        for (int index = 0; index < GuestSlot.Count; index++)
        {
            GuestSlot* slot = ThreadHeap.Guests(home) + index;
            while (slot->Key != 0 && !TryRelease(slot))
            {
                Os.Yield();
            }
        }
    }

    /// <summary>Posts the remote frees of all thread heaps, and returns their lists if asked for.</summary>
    internal static void Settle(ThreadHeap* home, bool flushes)
    {
        for (int index = 0; index < GuestSlot.Count; index++)
        {
            GuestSlot* slot = ThreadHeap.Guests(home) + index;
            if (slot->Key == 0 || !Arenas.TryLock())
            {
                continue;
            }

            if (IsValid(slot) && slot->Thread->Busy == 0)
            {
                if (flushes)
                {
                    HeapUpkeep.Flush(slot->Thread);
                }
                else
                {
                    HeapUpkeep.Settle(slot->Thread);
                }
            }

            Arenas.Unlock();
        }
    }

    /// <summary>Makes the thread heaps those of the only thread of the child of a fork.</summary>
    internal static void StartInChild(ThreadHeap* home, int threadId)
    {
        for (int index = 0; index < GuestSlot.Count; index++)
        {
            GuestSlot* slot = ThreadHeap.Guests(home) + index;
            if (slot->Key != 0 && IsValid(slot))
            {
                ThreadLifetime.StartInChild(slot->Thread, threadId);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static GuestSlot* SlotOf(ThreadHeap* home, Arena* arena) =>
        ThreadHeap.Guests(home) + (arena->Index % GuestSlot.Count);

    private static bool TryRelease(GuestSlot* slot)
    {
        // The lock excludes that another thread destroys the arena meanwhile.
        if (!Arenas.TryLock())
        {
            return false;
        }

        bool valid = IsValid(slot);
        slot->Key = 0;
        if (valid)
        {
            ArenaThreads.Release(slot->Thread);
        }

        Arenas.Unlock();
        return true;
    }

    private static bool IsValid(GuestSlot* slot) => ((Arena*)slot->Place)->Key == slot->Key;
}
