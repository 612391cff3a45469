using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>The thread heaps that a thread has in arenas.</summary>
/// <remarks>
/// A thread always has one in arena 0, its home. The thread word is that one, or the one in the arena to
/// which the thread is bound, so that the fast paths serve a bound thread from its arena. In other arenas a
/// thread claims a shared thread heap for each call, until it has named the arena often; see <see
/// cref="ArenaGuests"/>.
/// </remarks>
internal static unsafe class ArenaThreads
{
    /// <summary>
    /// Returns the thread heap that the calling thread has in a heap; null if it has none, or if a signal
    /// handler has interrupted it.
    /// </summary>
    internal static ThreadHeap* Find(HeapState* heap)
    {
        // The handler may have interrupted the fast path of any of the others.
        ThreadHeap* own = ThreadWord.Own;
        return own->Heap == heap ? own
            : ThreadWord.ProcessHeap != own || own->Heap == null ? null
            : FindOther(own, Arena.Of(heap));
    }

    /// <summary>
    /// Returns the thread heap in the arena of an address, if that is another one than a given thread heap;
    /// null if there is none that can be used.
    /// </summary>
    internal static ThreadHeap* FindAt(void* address, ThreadHeap* thread)
    {
        ThreadHeap* own = ThreadWord.ProcessHeap;
        if (own->Heap == null)
        {
            return null;
        }

        Arena* arena = ArenaMap.Find(address);
        arena = arena == null ? Arenas.Record(0) : arena;
        ThreadHeap* guest = ArenaGuests.Find(ThreadHeap.HomeOf(own), arena);
        if (guest != null)
        {
            return guest == thread ? null : guest;
        }

        ThreadHeap* home = ThreadHeap.HomeOf(own);
        ThreadHeap* other = thread->Heap == arena->Heap ? null
            : own->Heap == arena->Heap ? own
            : home->Heap == arena->Heap ? home
            : ArenaGuests.TryEnter(own, arena);
        return other == null || other->Busy != 0 ? null : other;
    }

    /// <summary>
    /// Returns a thread heap of an arena that serves a request on the fast path; null if there is none.
    /// </summary>
    /// <param name="own">The thread heap of the calling thread, which no signal handler interrupts.</param>
    /// <param name="arena">The arena.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ThreadHeap* FindUsable(ThreadHeap* own, Arena* arena)
    {
        ThreadHeap* guest = ArenaGuests.Find(ThreadHeap.HomeOf(own), arena);
        return guest != null ? guest : own->Heap == arena->Heap ? own : FindOther(own, arena);
    }

    /// <summary>Returns a thread heap in an arena for one call; null if out of memory.</summary>
    /// <param name="own">The thread heap of the calling thread.</param>
    /// <param name="arena">The arena.</param>
    internal static ThreadHeap* Enter(ThreadHeap* own, Arena* arena)
    {
        ThreadHeap* thread = Find(arena->Heap);
        thread = thread != null || ThreadWord.Interrupted != null ? thread : ArenaGuests.TryEnter(own, arena);
        return thread != null ? thread : ThreadLifetime.AcquireShared(arena->Heap, own->ThreadId);
    }

    /// <summary>
    /// Acquires a thread heap in an arena for the calling thread, which keeps it; in the first arena, that is
    /// its home. Null if out of memory, or if the thread is in a slow path of the one that it has there.
    /// </summary>
    internal static ThreadHeap* Acquire(ThreadHeap* home, Arena* arena)
    {
        if (ArenaGuests.IsBusy(home, arena))
        {
            // It would be found by the ID of the thread, and taken for that of an ended one.
            return null;
        }

        ThreadHeap* thread = home->Heap == arena->Heap ? home : ArenaGuests.Take(home, arena);
        thread = thread != null ? thread : ThreadLifetime.Acquire(arena->Heap, home->ThreadId);
        if (thread != null && thread != home)
        {
            thread->Home = home;
            if (home->Counted)
            {
                ThreadLifetime.StartCounting(thread);
            }
        }

        return thread;
    }

    /// <summary>Ends a call for which <see cref="Enter"/> returned a thread heap.</summary>
    internal static void Leave(ThreadHeap* thread)
    {
        if (thread->IsShared)
        {
            ThreadLifetime.ReleaseShared(thread);
        }
    }

    /// <summary>
    /// Has every later call of the calling thread counted, see <see cref="ThreadLifetime.StartCounting"/>.
    /// </summary>
    internal static void StartCounting(ThreadHeap* own)
    {
        if (!own->Counted)
        {
            // Those that it acquires later are counted.
            ArenaGuests.ReleaseAll(ThreadHeap.HomeOf(own));
            ThreadLifetime.StartCounting(own);
        }
    }

    /// <summary>
    /// Counts bytes that a thread did not allocate from a thread heap of its own, if it asked for that.
    /// </summary>
    internal static void CountAllocated(ThreadHeap* own, nuint bytes)
    {
        if (own->Counted)
        {
            ThreadLifetime.CountAllocated(own, bytes);
        }
    }

    /// <inheritdoc cref="CountAllocated"/>
    internal static void CountFreed(ThreadHeap* own, nuint bytes)
    {
        if (own->Counted)
        {
            ThreadHeap.HomeOf(own)->FreedBytes += bytes;
        }
    }

    /// <summary>Frees a block whose bytes were counted as freed before, when it was put into a cache.
    /// </summary>
    internal static void FreeUncounted(void* block)
    {
        ThreadHeap* home = ThreadHeap.HomeOf(ThreadWord.Own);
        nuint counted = home->FreedBytes;
        Frontend.Free(block, ThreadWord.ProcessHeap);
        if (home->Counted)
        {
            home->FreedBytes = counted;
        }
    }

    /// <summary>Binds the calling thread to an arena, which then serves its <c>malloc</c>.</summary>
    /// <returns>0, or an error number.</returns>
    internal static int Bind(nuint index)
    {
        ThreadHeap* own = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (own == null || ThreadWord.Interrupted != null)
        {
            return MallctlError.TryAgain;
        }

        if (index < ArenaOptions.ProcessorCount || ThreadWord.IsFacade(ThreadWord.ProcessHeap))
        {
            return MallctlError.NotPermitted;
        }

        // The lock excludes that the arena is destroyed before the thread counts as bound.
        Arenas.Lock();
        Arena* arena = Arenas.Ensure(index);
        ThreadHeap* home = ThreadHeap.HomeOf(own);
        AutomaticArenas.ReleaseFormer(home);
        ThreadHeap* next = arena == null ? null
            : arena->Heap == own->Heap ? own
            : Acquire(home, arena);
        Arenas.Unlock();
        if (next == null || next == own)
        {
            return next != null ? MallctlError.None
                : arena == null ? MallctlError.Fault
                : MallctlError.TryAgain;
        }

        AutomaticArenas.Leave(own->Heap);
        AutomaticArenas.Enter(next->Heap);
        ThreadWord.ProcessHeap = next;
        if (own != home)
        {
            Release(own);
        }

        return MallctlError.None;
    }

    /// <summary>Returns the number of threads that are bound to an arena other than the first.</summary>
    internal static uint CountBound(HeapState* heap)
    {
        uint count = 0;
        ThreadHeap* thread = (ThreadHeap*)Atomic.Read(ref *(nuint*)&heap->Threads);
        for (; thread != null; thread = thread->Next)
        {
            // Before the kind, which the former user has reset. Pairs with ThreadOwnership.TryClaim.
            int user = (int)Atomic.Read(ref thread->User);
            bool ended = user == 0 || ThreadOwnership.HasEnded(heap->ProcessId, user);
            count += thread->IsShared || thread->IsGuest || ended ? 0u : 1u;
        }

        return count;
    }

    /// <summary>Returns the unused memory of an arena to the system; returns the number of bytes.</summary>
    internal static nuint Trim(ThreadHeap* own, HeapState* heap)
    {
        ThreadHeap* thread = Find(heap);
        thread = thread != null ? thread : ThreadLifetime.AcquireShared(heap, own->ThreadId);
        if (thread == null)
        {
            return heap->Backend.PurgeAll();
        }

        nuint bytes = HeapUpkeep.Trim(thread);
        Leave(thread);
        return bytes;
    }

    /// <summary>Ends the use of an arena by the thread that was bound to it.</summary>
    internal static void Release(ThreadHeap* thread)
    {
        // A handler that forks or needs a thread heap would find this one by its ID, half retired.
        ulong mask = Os.Linux.BlockSignals();
        ThreadLifetime.Retire(thread);
        Os.Linux.RestoreSignals(mask);
    }

    private static ThreadHeap* FindOther(ThreadHeap* own, Arena* arena)
    {
        ThreadHeap* home = ThreadHeap.HomeOf(own);
        return home->Heap == arena->Heap ? home : ArenaGuests.Find(home, arena);
    }
}
