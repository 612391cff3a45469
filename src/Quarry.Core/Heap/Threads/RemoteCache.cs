namespace Quarry;

/// <summary>
/// Blocks of other threads that this thread has freed, gathered into one chain for each page.
/// </summary>
internal static unsafe class RemoteCache
{
    // With fewer slots, threads that free at random post many short chains. 64 of them bound the blocks that
    // a thread holds back to half a page of memory for each page that it frees into.
    internal const int Slots = 64;

    // After posting this much a thread looks whether the owners drain it: memory in queues must not grow
    // without bound.
    private const nuint PostedBytes = 16 * 1024 * 1024;

    /// <summary>Adds a block to the chain of its page.</summary>
    internal static void Add(ThreadHeap* thread, Page* page, Block* block)
    {
        RemoteChain* chain = &ThreadHeap.RemoteCache(thread)[((nuint)page / Page.Bytes) % Slots];
        if (chain->Page != page)
        {
            Post(thread, chain);
            block->Next = null;
            chain->Tail = block;
            chain->Page = page;
            chain->Count = 1;
            chain->Head = block;
            thread->RemoteCacheUsed++;
        }
        else if (chain->Head == block)
        {
            HeapState.ReportDoubleFree(thread->Heap, block);
            return;
        }
        else
        {
            block->Next = chain->Head;
            chain->Head = block;
            chain->Count++;
        }

        if (chain->Count >= RemoteChain.MaxCount || chain->Count * 8 > page->Capacity)
        {
            Post(thread, chain);
        }
    }

    /// <summary>Posts all chains: before the thread asks for more memory, and when it ends.</summary>
    internal static void Flush(ThreadHeap* thread)
    {
        for (int slot = 0; slot < Slots && thread->RemoteCacheUsed != 0; slot++)
        {
            Post(thread, &ThreadHeap.RemoteCache(thread)[slot]);
        }
    }

    /// <summary>
    /// Posts the blocks that a thread left in its cache when it was killed, one by one: of a chain only the
    /// links are trusted.
    /// </summary>
    internal static void Rebuild(ThreadHeap* thread)
    {
        thread->RemoteCacheUsed = 0;
        for (int slot = 0; slot < Slots; slot++)
        {
            RemoteChain* chain = &ThreadHeap.RemoteCache(thread)[slot];
            Block* block = chain->Head;
            chain->Head = null;
            chain->Page = null;
            for (int count = 0; block != null && count < RemoteChain.MaxCount; count++)
            {
                Block* next = block->Next;
                Page* page = thread->Heap->Backend.Find(block, out _);
                ThreadHeap* owner = page == null ? null : (ThreadHeap*)page->Owner;
                block->Next = null;
                RemoteQueue.Post(thread->Heap, owner, block, thread->ThreadId);
                block = next;
            }
        }
    }

    private static void Post(ThreadHeap* thread, RemoteChain* chain)
    {
        if (chain->Page == null)
        {
            return;
        }

        Block* head = chain->Seal();
        ThreadHeap* owner = (ThreadHeap*)chain->Page->Owner;
        thread->Posted += (nuint)chain->Count * chain->Page->BlockSize;
        chain->Page = null;
        chain->Head = null;
        thread->RemoteCacheUsed--;
        RemoteQueue.Post(thread->Heap, owner, head, thread->ThreadId);
        if (thread->Posted >= PostedBytes)
        {
            thread->Posted = 0;
            RemoteQueue.RelieveSleeping(thread);
        }
    }
}
