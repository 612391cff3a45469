namespace Quarry;

/// <summary>
/// From thread to thread: how a thread gets a thread heap, and what becomes of it afterwards.
/// </summary>
internal unsafe partial struct ThreadHeap
{
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
        if (thread->Busy != 0)
        {
            Rebuild(thread);
        }

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

            // Who sent blocks just before saw us as the user and left them to us. Pairs with Deliver: it
            // pushes, then looks who the user is.
            if (Atomic.Read(ref thread->Inbox) == 0 || !TryBorrow(thread, threadId))
            {
                return;
            }

            Receive(thread);
        }
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
