namespace Quarry;

/// <summary>
/// From thread to thread: how a thread gets a thread heap, and what becomes of it afterwards.
/// </summary>
internal unsafe partial struct ThreadHeap
{
    // How many others are looked at, at most, by a thread that needs something: the cost of a thread's
    // start must not grow with their number.
    private const int SearchLimit = 4;

    // A thread that takes fresh memory looks for dead ones each 2 MiB, so that their memory serves before
    // new memory.
    private const nuint ReclaimPeriod = 32;

    /// <summary>A thread heap for a thread that has none: an orphan, a dead thread's, or a new one.</summary>
    internal static ThreadHeap* Acquire(HeapState* heap, int threadId)
    {
        ThreadHeap* thread = AdoptOrphan(heap, threadId);
        thread = thread != null ? thread : AdoptFromDead(heap, threadId);
        return thread != null ? thread : Create(heap, threadId);
    }

    /// <summary>Ends the use by its thread: all is left in order for the next one.</summary>
    internal static void Retire(ThreadHeap* thread)
    {
        Flush(thread);
        Receive(thread);
        for (int sizeClass = 0; sizeClass < SizeClass.Count; sizeClass++)
        {
            ReturnList(thread, sizeClass);
            Page* page = Current(thread)[sizeClass];
            Current(thread)[sizeClass] = null;
            if (page != null)
            {
                Shelve(thread, page);
            }
        }

        _ = Atomic.Add(ref thread->Heap->Orphans, 1);
        Leave(thread);
    }

    /// <summary>Brings home what is under way, so that the figures are exact for this thread.</summary>
    internal static void Settle(ThreadHeap* thread)
    {
        Flush(thread);
        Receive(thread);
    }

    /// <summary>Gives back everything that this thread and the heap keep ready; returns the bytes.</summary>
    internal static nuint Trim(ThreadHeap* thread)
    {
        Settle(thread);
        int threads = 0;
        for (ThreadHeap* other = thread->Heap->Threads; other != null; other = other->Next)
        {
            threads++;
        }

        ReclaimDead(thread, threads);
        for (int sizeClass = 0; sizeClass < SizeClass.Count; sizeClass++)
        {
            ReturnList(thread, sizeClass);
            Page* page = Current(thread)[sizeClass];
            if (page != null && page->Used == 0)
            {
                Current(thread)[sizeClass] = null;
                Release(thread->Heap, page);
            }
        }

        return thread->Heap->Purge(everything: true);
    }

    /// <summary>Changes the user of a thread heap, unless it is another one by now.</summary>
    private static bool TryClaim(ThreadHeap* thread, ulong seen, int threadId)
    {
        ulong changes = (seen >> 32) + 1;
        return Atomic.TryReplace(ref thread->User, seen, (changes << 32) | (uint)threadId);
    }

    /// <summary>Takes an orphan, for good or for a moment.</summary>
    /// <remarks>
    /// Whoever is killed meanwhile leaves his number behind, and it will be rebuilt as a dead thread's.
    /// </remarks>
    private static bool TryBorrow(ThreadHeap* orphan, int threadId)
    {
        ulong seen = Atomic.Read(ref orphan->User);
        return (uint)seen == 0 && TryClaim(orphan, seen, threadId);
    }

    /// <summary>Makes a thread heap of ours an orphan.</summary>
    private static void Leave(ThreadHeap* thread)
    {
        int threadId = thread->ThreadId;
        for (; ; )
        {
            _ = TryClaim(thread, thread->User, 0);

            // Who sent blocks just before saw us as the user and left them to us. Pairs with SendOff: it
            // delivers, then looks who the user is.
            if (Atomic.Read(ref thread->Inbox) == 0 || !TryBorrow(thread, threadId))
            {
                return;
            }

            Receive(thread);
        }
    }

    private static ThreadHeap* AdoptOrphan(HeapState* heap, int threadId)
    {
        if (heap->Orphans == 0)
        {
            return null;
        }

        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            if (thread->ThreadId == 0 && TryBorrow(thread, threadId))
            {
                _ = Atomic.Subtract(ref heap->Orphans, 1);
                return thread;
            }
        }

        return null;
    }

    /// <summary>Finds a thread heap whose thread ended without telling us.</summary>
    /// <remarks>
    /// A thread that asks for a thread heap has none. One that carries its number is thus a dead thread's,
    /// whose number was given out again. The others are asked after a few at a time, each with a system
    /// call.
    /// </remarks>
    private static ThreadHeap* AdoptFromDead(HeapState* heap, int threadId)
    {
        int processId = Os.ProcessId();
        if (heap->ProcessId != processId)
        {
            return null;
        }

        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            ulong seen = Atomic.Read(ref thread->User);
            if ((int)seen == threadId && TryClaim(thread, seen, threadId))
            {
                Rebuild(thread);
                return thread;
            }
        }

        for (int checks = 0; checks < SearchLimit; checks++)
        {
            ThreadHeap* candidate = NextToCheck(heap);
            if (candidate != null && TryClaimDead(candidate, processId, threadId))
            {
                return candidate;
            }
        }

        return null;
    }

    private static bool TryClaimDead(ThreadHeap* thread, int processId, int threadId)
    {
        ulong seen = Atomic.Read(ref thread->User);
        if ((int)seen == 0 || !Os.ThreadHasEnded(processId, (int)seen) || !TryClaim(thread, seen, threadId))
        {
            return false;
        }

        Rebuild(thread);
        return true;
    }

    /// <summary>
    /// Makes orphans of the thread heaps whose threads ended unnoticed, so that their memory can be used.
    /// </summary>
    private static void ReclaimDead(ThreadHeap* thread, int limit)
    {
        HeapState* heap = thread->Heap;
        int processId = Os.ProcessId();
        for (int checks = 0; checks < limit && heap->ProcessId == processId; checks++)
        {
            ThreadHeap* candidate = NextToCheck(heap);
            if (candidate != null && candidate != thread
                && TryClaimDead(candidate, processId, thread->ThreadId))
            {
                Retire(candidate);
            }
        }
    }

    private static void ReclaimNowAndThen(ThreadHeap* thread)
    {
        if (++thread->Heap->PagesSinceReclaim >= ReclaimPeriod)
        {
            thread->Heap->PagesSinceReclaim = 0;
            ReclaimDead(thread, SearchLimit);
        }
    }

    /// <summary>
    /// The thread heaps in turn. Threads that ask at the same time may get the same, which does no harm.
    /// </summary>
    private static ThreadHeap* NextToCheck(HeapState* heap)
    {
        ThreadHeap* next = heap->NextToCheck;
        next = next != null ? next : heap->Threads;
        heap->NextToCheck = next == null ? null : next->Next;
        return next;
    }

    private static ThreadHeap* Create(HeapState* heap, int threadId)
    {
        // Room to align: see Bytes.
        void* memory = MetadataPool.Allocate(heap, 2 * Bytes);
        if (memory == null)
        {
            return null;
        }

        ThreadHeap* thread = (ThreadHeap*)Layout.AlignUp((nuint)memory, Bytes);
        thread->Heap = heap;
        thread->Base = heap->First->Base;
        thread->Pages = heap->First->Pages;
        thread->SliceCount = heap->First->SliceCount;
        thread->User = (uint)threadId;
        byte* table = (byte*)thread + ClassTableOffset;
        for (nuint index = 0; index < SizeClass.TableLength - 1; index++)
        {
            table[index] = (byte)SizeClass.Of(index);
        }

        table[SizeClass.TableLength - 1] = NoClass;
        nuint next;
        do
        {
            next = Atomic.Read(ref *(nuint*)&heap->Threads);
            thread->Next = (ThreadHeap*)next;
        }
        while (!Atomic.TryReplace(ref *(nuint*)&heap->Threads, next, (nuint)thread));

        return thread;
    }

    /// <summary>
    /// Moves a page with free blocks from an orphan to a thread that is about to take fresh memory.
    /// </summary>
    private static Page* TakeFromOrphan(ThreadHeap* thread, int sizeClass)
    {
        for (int checks = 0; checks < SearchLimit; checks++)
        {
            ThreadHeap* orphan = NextToCheck(thread->Heap);
            if (orphan->ThreadId != 0 || !TryBorrow(orphan, thread->ThreadId))
            {
                continue;
            }

            Receive(orphan);
            Page* page = Available(orphan)[sizeClass];
            if (page != null)
            {
                Unlink(orphan, page);
                page->Owner = thread;
            }

            Leave(orphan);
            if (page != null)
            {
                return page;
            }
        }

        return null;
    }

    /// <summary>
    /// Puts the thread's free list of a class back into the pages that its blocks come from.
    /// </summary>
    private static void ReturnList(ThreadHeap* thread, int sizeClass)
    {
        for (; ; )
        {
            Block* block = FreeLists(thread)[sizeClass];
            if (block == null)
            {
                return;
            }

            FreeLists(thread)[sizeClass] = block->Next;
            Taken(thread)[sizeClass]--;
            Page* page = thread->Heap->PageOf(block, out _);
            block->Next = page->Free;
            page->Free = block;
            Returned(thread, page, 1);
        }
    }

    /// <summary>Puts a page that is in no list where it belongs.</summary>
    private static void Shelve(ThreadHeap* thread, Page* page)
    {
        if (page->Used == 0)
        {
            Release(thread->Heap, page);
        }
        else if (page->Used == page->Capacity)
        {
            SetFull(page);
        }
        else
        {
            page->SetUsed(page->Used, page->Used);
            Link(thread, page);
        }
    }
}
