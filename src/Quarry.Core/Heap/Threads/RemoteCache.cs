namespace Quarry;

/// <summary>
/// Collects the blocks of other threads that this thread has freed, in one chain for each page.
/// </summary>
internal static unsafe class RemoteCache
{
    // With fewer slots, threads that free at random post many short chains. Each slot holds back at most an
    // eighth of a page, so 64 of them hold back at most the equivalent of eight pages.
    internal const int Slots = 64;

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

    /// <summary>
    /// Posts all chains: before the thread allocates a fresh page, at each reading of the clock, and when the
    /// thread ends.
    /// </summary>
    internal static void Flush(ThreadHeap* thread)
    {
        for (int slot = 0; slot < Slots && thread->RemoteCacheUsed != 0; slot++)
        {
            Post(thread, &ThreadHeap.RemoteCache(thread)[slot]);
        }
    }

    /// <summary>
    /// Posts the blocks left in the cache by a thread that was stopped, one by one, because only the links of
    /// a chain are trusted.
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
                block->Next = null;
                RemoteQueue.PostOn(thread->Heap, block, thread->ThreadId);
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
        nuint bytes = (nuint)chain->Count * chain->Page->BlockSize;
        chain->Page = null;
        chain->Head = null;
        thread->RemoteCacheUsed--;
        bool relieves = owner != thread && owner != null && RemoteQueue.Count(owner, bytes);
        RemoteQueue.Post(thread->Heap, owner, head, thread->ThreadId);
        if (relieves)
        {
            RemoteQueue.Relieve(owner, thread->ThreadId);
        }

        ThreadClock.OnSlowPath(thread);
    }
}
