namespace Quarry.Malloc;

/// <summary>Binds threads to automatic arenas, if an option asks for more than one.</summary>
/// <remarks>
/// A thread is bound at its first allocation: to the arena of its processor, or to the one with the fewest
/// threads. It has a thread heap in the process heap as well, its home. No lock is taken, because a signal
/// handler may be what allocates first.
/// </remarks>
internal static unsafe class AutomaticArenas
{
    /// <summary>Binds a thread that starts; returns the thread heap that serves it.</summary>
    internal static ThreadHeap* Assign(ThreadHeap* home)
    {
        uint index = ArenaOptions.Mode == ProcessorArenas.None ? Choose() : EnterOfProcessor();
        Arena* arena = Arenas.Ensure(index);
        ThreadHeap* bound = arena == null ? null : ArenaThreads.Acquire(home, arena);
        if (bound == null)
        {
            _ = Atomic.Subtract(ref Arenas.Record(index)->Threads, 1);
            Enter(home->Heap);
            bound = home;
        }

        ThreadWord.ProcessHeap = bound;
        return bound;
    }

    /// <summary>Counts a thread that is bound to an arena.</summary>
    internal static void Enter(HeapState* heap)
    {
        if (Arenas.AreSeveral)
        {
            _ = Atomic.Add(ref Arena.Of(heap)->Threads, 1);
        }
    }

    /// <summary>Counts a thread that is no longer bound to an arena.</summary>
    internal static void Leave(HeapState* heap)
    {
        if (Arenas.AreSeveral)
        {
            _ = Atomic.Subtract(ref Arena.Of(heap)->Threads, 1);
        }
    }

    /// <summary>Counts the only thread of the child of a fork.</summary>
    internal static void StartInChild(ThreadHeap* own)
    {
        nuint index = 0;
        while (Arenas.TryNext(ref index, out Arena* arena))
        {
            arena->Threads = own->Heap == arena->Heap ? 1u : 0u;
        }
    }

    /// <summary>
    /// Binds the calling thread to the arena of its processor, if it has moved. Called inside a slow path.
    /// </summary>
    /// <remarks>
    /// The thread word changes at once, and so the next call uses the other thread heap. The one in use is
    /// retired when that happens next.
    /// </remarks>
    /// <param name="heap">The heap of the slow path.</param>
    internal static void Follow(HeapState* heap)
    {
        // In a signal handler the word is a placeholder, and has no heap.
        ThreadHeap* own = ThreadWord.ProcessHeap;
        uint index = Arena.IndexOf(heap);
        if (own->Heap != heap || index >= ArenaOptions.ProcessorCount)
        {
            return;
        }

        ThreadHeap* home = ThreadHeap.HomeOf(own);
        if (home->InSource)
        {
            // The word is the home only until an extent hook returns.
            return;
        }

        ReleaseFormer(home);
        uint wanted = ArenaOfProcessor();
        Arena* arena = wanted == index || home->Former != null ? null : Arenas.Ensure(wanted);
        ThreadHeap* next = arena == null ? null : ArenaThreads.Acquire(home, arena);
        if (next == null)
        {
            return;
        }

        if (own != home)
        {
            own->IsGuest = true;
            home->Former = own;
        }

        ThreadWord.ProcessHeap = next;
        Leave(heap);
        Enter(next->Heap);
    }

    /// <summary>Retires the thread heap that the thread has left, unless a call still uses it.</summary>
    internal static void ReleaseFormer(ThreadHeap* home)
    {
        ThreadHeap* former = home->Former;
        if (former != null && former->Busy == 0)
        {
            home->Former = null;
            ArenaThreads.Release(former);
        }
    }

    /// <summary>Returns the heap for oversize blocks, or the given one if it cannot be created.</summary>
    internal static HeapState* Oversize(HeapState* heap)
    {
        Arena* arena = Arenas.Ensure(ArenaOptions.OversizeIndex);
        return arena == null ? heap : arena->Heap;
    }

    private static uint ArenaOfProcessor()
    {
        uint processor = Processors.Current();
        uint count = ArenaOptions.ProcessorCount;
        return processor < count ? processor : processor - count;
    }

    private static uint EnterOfProcessor()
    {
        uint index = ArenaOfProcessor();
        _ = Atomic.Add(ref Arenas.Record(index)->Threads, 1);
        return index;
    }

    /// <summary>
    /// Returns the arena with the fewest threads, and counts the thread. As in jemalloc, a further arena is
    /// used only if all those in use have threads.
    /// </summary>
    private static uint Choose()
    {
        for (; ; )
        {
            uint best = 0, unused = 0;
            nuint fewest = Atomic.Read(ref Arenas.Record(0)->Threads);
            for (uint index = 1; index < ArenaOptions.Count; index++)
            {
                // One that another thread has chosen and not created yet is in use.
                nuint threads = Atomic.Read(ref Arenas.Record(index)->Threads);
                bool used = threads != 0 || Arenas.Find(index) != null;
                unused = unused == 0 && !used ? index : unused;
                if (used && threads < fewest)
                {
                    (best, fewest) = (index, threads);
                }
            }

            if (fewest != 0 && unused != 0)
            {
                (best, fewest) = (unused, 0);
            }

            // Fails if another thread has chosen the same one since its threads were read.
            if (Atomic.TryReplace(ref Arenas.Record(best)->Threads, fewest, fewest + 1))
            {
                return best;
            }
        }
    }
}
