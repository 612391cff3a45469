namespace Quarry;

/// <summary>From thread to thread: how a thread gets a thread heap, and what becomes of it afterwards.</summary>
internal unsafe partial struct ThreadHeap
{
    // How many others are looked at, at most, by a thread that needs something: the cost of a thread's start must not
    // grow with their number.
    private const int SearchLimit = 4;

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
        ReturnBorrowed(thread);
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

    /// <summary>Takes an orphan for a moment.</summary>
    /// <remarks>Whoever is killed meanwhile leaves his number behind, and it will be rebuilt as a dead thread's.</remarks>
    private static bool TryBorrow(ThreadHeap* orphan, int threadId) =>
        Atomic.TryReplace(ref orphan->ThreadId, 0, threadId);

    private static void ReturnBorrowed(ThreadHeap* orphan) => Atomic.Write(ref orphan->ThreadId, 0);

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
    /// A thread that asks for a thread heap has none. One that carries its number is thus a dead thread's, whose number
    /// was given out again. The others are asked after a few at a time, each with a system call.
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
            if (thread->ThreadId == threadId)
            {
                Rebuild(thread);
                return thread;
            }
        }

        ThreadHeap* candidate = heap->NextToCheck;
        for (int checks = 0; checks < SearchLimit; checks++)
        {
            candidate = candidate == null ? heap->Threads : candidate;
            if (candidate == null)
            {
                return null;
            }

            int owner = candidate->ThreadId;
            heap->NextToCheck = candidate->Next;
            if (owner != 0 && Os.ThreadHasEnded(processId, owner)
                && Atomic.TryReplace(ref candidate->ThreadId, owner, threadId))
            {
                Rebuild(candidate);
                return candidate;
            }

            candidate = candidate->Next;
        }

        return null;
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
        thread->ThreadId = threadId;
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

    /// <summary>Moves a page with free blocks from an orphan to a thread that is about to take fresh memory.</summary>
    private static Page* TakeFromOrphan(ThreadHeap* thread, int sizeClass)
    {
        HeapState* heap = thread->Heap;
        ThreadHeap* orphan = heap->NextToCheck;
        for (int checks = 0; checks < SearchLimit; checks++)
        {
            orphan = orphan == null ? heap->Threads : orphan;
            heap->NextToCheck = orphan->Next;
            if (orphan->ThreadId == 0 && TryBorrow(orphan, thread->ThreadId))
            {
                Receive(orphan);
                Page* page = Available(orphan)[sizeClass];
                if (page != null)
                {
                    Unlink(orphan, page);
                    page->Owner = thread;
                }

                ReturnBorrowed(orphan);
                if (page != null)
                {
                    return page;
                }
            }

            orphan = orphan->Next;
        }

        return null;
    }

    /// <summary>Puts the thread's free list of a class back into the pages that its blocks come from.</summary>
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
