namespace Quarry;

/// <summary>Blocks that one thread frees and another owns.</summary>
internal unsafe partial struct ThreadHeap
{
    // Chains of so many pages can be open at once: half a page of memory for each thread that frees for
    // others. With fewer, threads that free at random send many short chains.
    private const int OutgoingCount = 64;

    /// <summary>Adds a block to the chain that will go to the page's owner.</summary>
    private static void SendBack(ThreadHeap* thread, Page* page, Block* block)
    {
        RemoteBatch* batch = &Outgoing(thread)[((nuint)page / (nuint)sizeof(Page)) % OutgoingCount];
        if (batch->Page != page)
        {
            SendOff(thread, batch);
            block->Next = null;
            batch->Tail = block;
            batch->Page = page;
            batch->Count = 1;
            batch->Head = block;
            thread->OutgoingUsed++;
        }
        else
        {
            block->Next = batch->Head;
            batch->Head = block;
            batch->Count++;
        }

        if (batch->Count >= RemoteBatch.MaxCount || batch->Count * 8 > page->Capacity)
        {
            SendOff(thread, batch);
        }
    }

    /// <summary>Sends all chains off: before asking for more memory, and when the thread ends.</summary>
    private static void Flush(ThreadHeap* thread)
    {
        for (int slot = 0; slot < OutgoingCount && thread->OutgoingUsed != 0; slot++)
        {
            SendOff(thread, &Outgoing(thread)[slot]);
        }
    }

    private static void SendOff(ThreadHeap* thread, RemoteBatch* batch)
    {
        if (batch->Page == null)
        {
            return;
        }

        Block* chain = batch->Seal();
        ThreadHeap* owner = batch->Page->Owner;
        batch->Page = null;
        batch->Head = null;
        thread->OutgoingUsed--;
        Deliver(owner, chain, thread->ThreadId);
    }

    /// <summary>Puts a chain into the inbox of the owner of its page.</summary>
    private static void Deliver(ThreadHeap* owner, Block* chain, int threadId)
    {
        Push(owner, chain);

        // Nobody will look into an orphan's inbox, so we do: what it holds would be lost to the process
        // otherwise.
        if (owner->ThreadId == 0 && TryBorrow(owner, threadId))
        {
            Receive(owner);
            Leave(owner);
        }
    }

    private static void Push(ThreadHeap* owner, Block* chain)
    {
        nuint first;
        do
        {
            first = Atomic.Read(ref owner->Inbox);
            chain->Link = first;
        }
        while (!Atomic.TryReplace(ref owner->Inbox, first, (nuint)chain));
    }

    /// <summary>Puts what others have freed back into our pages.</summary>
    private static void Receive(ThreadHeap* thread)
    {
        Block* chain = (Block*)Atomic.Exchange(ref thread->Inbox, 0);
        while (chain != null)
        {
            Block* next = (Block*)chain->Link;
            Page* page = thread->Heap->PageOf(chain, out _);
            ThreadHeap* owner = page->Owner;
            if (owner != thread)
            {
                // The page has moved to another thread heap since.
                Push(owner, chain);
            }
            else
            {
                int count = RemoteBatch.Unseal(chain, out Block* tail);
                tail->Next = page->Free;
                page->Free = chain;
                Returned(thread, page, count);
            }

            chain = next;
        }
    }
}
