namespace Quarry;

/// <summary>The queue of a thread heap for blocks that other threads free.</summary>
/// <remarks>
/// A stack of chains: any thread pushes one with a compare-and-swap, the owner takes all with one exchange. A
/// thread that takes the whole stack owns its chains until it has stored or pushed them somewhere else.
/// </remarks>
internal static unsafe partial class RemoteQueue
{
    /// <summary>Posts a chain to the owner of its page.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="owner">The owner of the page; null if the page was freed.</param>
    /// <param name="chain">The first block; for one block alone its <see cref="Block.Next"/> is null.</param>
    /// <param name="threadId">The ID of the calling thread.</param>
    internal static void Post(HeapState* heap, ThreadHeap* owner, Block* chain, int threadId)
    {
        // Without an owner, the page was freed while one of its blocks was on its way: it was freed twice.
        if (owner == null || !TryPush(owner, chain))
        {
            HeapState.ReportDoubleFree(heap, chain);
            return;
        }

        // An abandoned thread heap has no thread that would drain its queue; what it holds would be lost to
        // the process. Pairs with ThreadOwnership.Abandon.
        if ((int)Atomic.Read(ref owner->User) == 0 && ThreadOwnership.TryClaimAbandoned(owner, threadId))
        {
            Drain(owner);
            ThreadOwnership.Abandon(owner);
        }
    }

    /// <summary>Returns the blocks in the queue to their pages.</summary>
    internal static void Drain(ThreadHeap* thread)
    {
        thread->Drains++;
        Block* chain = TakeAll(thread);
        while (chain != null)
        {
            Block* next = (Block*)chain->Link;
            Page* page = thread->Heap->Backend.Find(chain, out Region* region);
            ThreadHeap* owner = page == null ? null : (ThreadHeap*)page->Owner;
            if (owner == thread)
            {
                Return(thread, page, region->StartOf(page), chain);
            }
            else if (owner != null)
            {
                // The page has moved to another thread heap since.
                _ = TryPush(owner, chain);
            }

            chain = next;
        }
    }

    private static void Return(ThreadHeap* thread, Page* page, byte* start, Block* chain)
    {
        int count = RemoteChain.Unseal(chain, page, start, out Block* tail);

        // More blocks than are in use: some were freed twice. They stay out of the lists, which must not
        // contain a block twice.
        if (count == 0 || count > page->Used || page->Free == chain)
        {
            HeapState.ReportDoubleFree(thread->Heap, chain);
            return;
        }

        tail->Next = page->Free;
        page->Free = chain;
        PageQueues.Returned(thread, page, count);
    }

    private static bool TryPush(ThreadHeap* owner, Block* chain)
    {
        nuint first;
        do
        {
            first = Atomic.Read(ref owner->RemoteQueue);
            if (first == (nuint)chain)
            {
                return false;
            }

            chain->Link = first;
        }
        while (!Atomic.TryReplace(ref owner->RemoteQueue, first, (nuint)chain));

        return true;
    }

    /// <summary>Takes the whole queue, as a list that ends.</summary>
    /// <remarks>
    /// A block that is freed twice can be posted twice: the second time its link leads back to chains that
    /// lead to itself; or it becomes the second block of another chain, whose description overwrites its
    /// link. Brent's algorithm finds a cycle in one pass over the links, which <see cref="Drain"/> reads
    /// anyway; a link that leads to no page ends the list.
    /// </remarks>
    private static Block* TakeAll(ThreadHeap* thread)
    {
        Block* first = (Block*)Atomic.Exchange(ref thread->RemoteQueue, 0);
        Block* anchor = first;
        nuint steps = 0, limit = 2;
        for (Block* chain = first; chain != null; chain = (Block*)chain->Link)
        {
            Block* next = (Block*)chain->Link;
            if (next == anchor)
            {
                Cut(first, anchor);
                HeapState.ReportDoubleFree(thread->Heap, anchor);
                break;
            }

            if ((nuint)next % Block.MinSize != 0
                || (next != null && thread->Heap->Backend.Find(next, out _) == null))
            {
                chain->Link = 0;
                HeapState.ReportDoubleFree(thread->Heap, chain);
                break;
            }

            if (++steps == limit)
            {
                steps = 0;
                limit *= 2;
                anchor = chain;
            }
        }

        return first;
    }

    /// <summary>Ends a list that runs into a cycle behind its last element.</summary>
    /// <param name="first">The first element.</param>
    /// <param name="inside">An element of the cycle.</param>
    private static void Cut(Block* first, Block* inside)
    {
        nuint length = 1;
        for (Block* at = (Block*)inside->Link; at != inside; at = (Block*)at->Link)
        {
            length++;
        }

        // Two pointers, a cycle apart, meet at its first element.
        Block* ahead = first;
        for (nuint step = 0; step < length; step++)
        {
            ahead = (Block*)ahead->Link;
        }

        Block* behind = first;
        while (behind != ahead)
        {
            behind = (Block*)behind->Link;
            ahead = (Block*)ahead->Link;
        }

        for (nuint step = 1; step < length; step++)
        {
            ahead = (Block*)ahead->Link;
        }

        ahead->Link = 0;
    }
}
