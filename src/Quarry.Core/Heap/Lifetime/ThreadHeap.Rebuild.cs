namespace Quarry;

/// <summary>Restoring order in what a thread left behind that was killed at some instruction.</summary>
/// <remarks>
/// Only chains are trusted, because each is changed by a single store. Counters and lists of pages are made
/// anew from them and from the table of pages. A block that was in no chain at that moment is lost.
/// </remarks>
internal unsafe partial struct ThreadHeap
{
    private static void Rebuild(ThreadHeap* thread)
    {
        HeapState* heap = thread->Heap;
        thread->Busy = 0;
        thread->OutgoingUsed = 0;
        for (int sizeClass = 0; sizeClass < SizeClass.Count; sizeClass++)
        {
            Current(thread)[sizeClass] = null;
            Available(thread)[sizeClass] = null;
        }

        CollectPages(thread);
        for (int slot = 0; slot < OutgoingCount; slot++)
        {
            RemoteBatch* batch = &Outgoing(thread)[slot];
            Block* block = batch->Head;
            batch->Head = null;
            batch->Page = null;
            while (block != null)
            {
                Block* next = block->Next;
                block->Next = null;
                Deliver(heap->PageOf(block, out _)->Owner, block, thread->ThreadId);
                block = next;
            }
        }

        for (int sizeClass = 0; sizeClass < SizeClass.Count; sizeClass++)
        {
            ReturnList(thread, sizeClass);
        }

        Receive(thread);
    }

    private static void CollectPages(ThreadHeap* thread)
    {
        for (Region* region = thread->Heap->First; region != null; region = region->Next)
        {
            nuint frontier = Atomic.Read(ref region->Frontier);
            for (nuint slice = region->FirstSlice; slice < frontier; slice++)
            {
                Page* page = region->Pages + slice;
                if (page->Owner == thread)
                {
                    Recount(page);
                    Shelve(thread, page);
                }
            }
        }
    }

    private static void Recount(Page* page)
    {
        int free = 0;
        for (Block* block = page->Free; block != null; block = block->Next)
        {
            free++;
        }

        int used = page->Carved - free;
        page->SetUsed(used, used);
    }
}
