namespace Quarry;

/// <summary>The queue of a thread heap for its blocks that other threads free.</summary>
/// <remarks>
/// A stack of chains: any thread pushes a chain with a compare-and-swap, and the owner removes all chains
/// with one exchange, so there is no ABA problem. A thread that removes the chains owns them until it has
/// added them to a page or to another queue.
/// </remarks>
internal static unsafe partial class RemoteQueue
{
    /// <summary>Posts a chain to the owner of its page.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="owner">The owner of the page; null if the page was freed.</param>
    /// <param name="chain">
    /// The first block; the <see cref="Block.Next"/> of a single block is null.
    /// </param>
    /// <param name="threadId">
    /// The ID in a thread heap of the calling thread; 0 if it has none. Asking the system for it would cost
    /// more than the call, and it is rarely needed.
    /// </param>
    internal static void Post(HeapState* heap, ThreadHeap* owner, Block* chain, int threadId)
    {
        // A page without an owner was freed while this block was in a cache or queue: a double free.
        if (owner == null || !TryPush(owner, chain))
        {
            HeapState.ReportDoubleFree(heap, chain);
            return;
        }

        // No thread drains the queue of an abandoned thread heap; its blocks would stay unused. The push
        // comes before the read of the user. Pairs with ThreadOwnership.Abandon.
        if ((int)Atomic.Read(ref owner->User) == 0
            && ThreadOwnership.TryClaimAbandoned(
                owner, threadId != 0 ? threadId : ThreadOwnership.PassingId(heap)))
        {
            Drain(owner);
            ThreadOwnership.Abandon(owner);
        }
    }

    /// <summary>Posts a chain to the present owner of its page.</summary>
    /// <inheritdoc cref="Post"/>
    internal static void PostOn(HeapState* heap, Block* chain, int threadId)
    {
        Page* page = heap->Backend.Find(chain, out _);
        Post(heap, page == null ? null : (ThreadHeap*)page->Owner, chain, threadId);
    }

    /// <summary>Returns the blocks in the queue to their pages.</summary>
    internal static void Drain(ThreadHeap* thread)
    {
        thread->Drains++;
        thread->PostedBytes = 0;
        thread->BytesToSearch = 0;
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
                // Another thread heap has acquired the page since the chain was posted. It may be abandoned.
                Post(thread->Heap, owner, chain, thread->ThreadId);
            }

            chain = next;
        }
    }

    private static void Return(ThreadHeap* thread, Page* page, byte* start, Block* chain)
    {
        int count = RemoteChain.Unseal(chain, page, start, out Block* tail);

        // If the chain is broken or has more blocks than are in use, some were freed twice. The chain is
        // dropped, because a list must not contain a block twice.
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

    /// <summary>Removes all chains of the queue, as a list without a cycle.</summary>
    /// <remarks>
    /// A block that is freed twice can be posted twice: its new link then closes a cycle; or the block
    /// becomes the second block of another chain, whose description overwrites its link. Brent's algorithm
    /// finds a cycle in one pass over the links, which <see cref="Drain"/> reads anyway; a link that leads to
    /// no page ends the list.
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

            if ((nuint)next % Block.MinAlignment != 0
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

    /// <summary>Ends a list that has a cycle after the last distinct element.</summary>
    /// <param name="first">The first element.</param>
    /// <param name="inside">An element of the cycle.</param>
    private static void Cut(Block* first, Block* inside)
    {
        nuint length = 1;
        for (Block* at = (Block*)inside->Link; at != inside; at = (Block*)at->Link)
        {
            length++;
        }

        // Two pointers that are one cycle length apart meet at the first element of the cycle.
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
