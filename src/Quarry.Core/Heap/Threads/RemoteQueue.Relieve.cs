using System.Threading;

namespace Quarry;

/// <content>Frees pages of sleeping threads, which do not drain their queues.</content>
internal static unsafe partial class RemoteQueue
{
    private const ushort Complete = 0x8000;

    /// <summary>Frees the full pages of a thread heap all of whose blocks are in its queue.</summary>
    /// <remarks>
    /// <para>
    /// A full page has no block in the owner's free list; if all its blocks are in the queue, its own list is
    /// empty too. The owner then never touches the page again: it could only free a block that the program
    /// holds, or drain the queue, which this thread has emptied. The only mutable field of the page that this
    /// thread relies on is its place, which the owner writes last; see <see cref="PageQueues.SetFull"/>.
    /// </para>
    /// <para>
    /// Rebuilding a thread heap, or changing whether it is observed, touches all its pages, so these exclude
    /// relieving by <see cref="ThreadHeap.Reliever"/>; neither waits. If this thread is killed, the chains
    /// are leaked.
    /// </para>
    /// </remarks>
    /// <param name="owner">The thread heap of another thread.</param>
    /// <param name="threadId">The ID of the calling thread.</param>
    internal static void Relieve(ThreadHeap* owner, int threadId)
    {
        if (Atomic.Read(ref owner->RemoteQueue) == 0 || !TryHold(owner, threadId))
        {
            return;
        }

        Block* chains = TakeAll(owner);
        Count(owner, chains);
        Distribute(owner, chains, threadId);
        Release(owner);
    }

    /// <summary>Relieves sleeping threads once in a decay time.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="self">The thread heap of the calling thread; null if it has none.</param>
    /// <param name="now">The time, in milliseconds.</param>
    internal static void RelieveIfDue(HeapState* heap, ThreadHeap* self, nuint now)
    {
        nuint due = Atomic.Read(ref heap->RelieveDue);
        nuint next = now + (nuint)heap->Backend.DecayMilliseconds;
        if (now >= due && Atomic.TryReplace(ref heap->RelieveDue, due, next))
        {
            RelieveSleeping(heap, self);
        }
    }

    /// <summary>
    /// Relieves the threads that have not drained their queues since the last call; they are assumed to be
    /// asleep.
    /// </summary>
    /// <param name="heap">The heap.</param>
    /// <param name="self">The thread heap of the calling thread; null if it has none.</param>
    internal static void RelieveSleeping(HeapState* heap, ThreadHeap* self)
    {
        int threadId = ThreadOwnership.CurrentId(heap);
        for (ThreadHeap* other = heap->Threads; other != null; other = other->Next)
        {
            nuint drains = Atomic.Read(ref other->Drains);
            if (other != self && drains == other->SeenDrains)
            {
                Relieve(other, threadId);
            }

            // Not atomic: concurrent callers may relieve a thread a little early.
            other->SeenDrains = drains;
        }
    }

    /// <summary>Tries to exclude others from relieving or rebuilding a thread heap.</summary>
    internal static bool TryHold(ThreadHeap* owner, int threadId)
    {
        if (Atomic.TryReplace(ref owner->Reliever, 0, (nuint)threadId))
        {
            return true;
        }

        // A thread that ended, or was lost in a fork, left its ID.
        nuint holder = Atomic.Read(ref owner->Reliever);
        return owner->Heap->ProcessId == Os.ProcessId()
            && ThreadOwnership.HasEnded(owner->Heap->ProcessId, (int)holder)
            && Atomic.TryReplace(ref owner->Reliever, holder, (nuint)threadId);
    }

    /// <summary>Ends the exclusion that <see cref="TryHold"/> began.</summary>
    internal static void Release(ThreadHeap* owner) => Atomic.Write(ref owner->Reliever, 0);

    /// <summary>Counts the blocks of each page of the owner, and marks the pages that are complete.</summary>
    /// <remarks>
    /// The queue can hold chains of pages that another thread heap has acquired since. A reliever of that
    /// thread heap may be counting them at the same time, so they are left alone.
    /// </remarks>
    private static void Count(ThreadHeap* owner, Block* chains)
    {
        // A reliever that was killed may have left nonzero counts.
        for (Block* chain = chains; chain != null; chain = (Block*)chain->Link)
        {
            Page* page = PageOf(owner, chain, out _);
            if (page != null)
            {
                page->Posted = 0;
            }
        }

        for (Block* chain = chains; chain != null; chain = (Block*)chain->Link)
        {
            Page* page = PageOf(owner, chain, out byte* start);
            if (page != null)
            {
                page->Posted += (ushort)RemoteChain.Unseal(chain, page, start, out _);
            }
        }

        for (Block* chain = chains; chain != null; chain = (Block*)chain->Link)
        {
            Page* page = PageOf(owner, chain, out _);
            if (page != null && Volatile.Read(ref *(byte*)&page->Place) == (byte)PagePlace.Full
                && page->Posted == page->Capacity)
            {
                page->Posted |= Complete;
            }
        }
    }

    private static void Distribute(ThreadHeap* owner, Block* chains, int threadId)
    {
        HeapState* heap = owner->Heap;
        Block* chain = chains;
        while (chain != null)
        {
            Block* next = (Block*)chain->Link;
            Page* page = PageOf(owner, chain, out byte* start);
            if (page == null || (page->Posted & Complete) == 0)
            {
                page = heap->Backend.Find(chain, out _);
                Post(heap, page == null ? null : (ThreadHeap*)page->Owner, chain, threadId);
            }
            else
            {
                page->Posted -= (ushort)RemoteChain.Unseal(chain, page, start, out _);
                if (page->Posted == Complete)
                {
                    // That was the last chain of the page; nothing refers to its blocks any more.
                    page->Posted = 0;
                    page->SetUsed(0, 0);
                    PageQueues.Free(heap, page);
                }
            }

            chain = next;
        }
    }

    /// <summary>Returns the page of a chain; null if it is not a page of the owner.</summary>
    private static Page* PageOf(ThreadHeap* owner, Block* chain, out byte* start)
    {
        Page* page = owner->Heap->Backend.Find(chain, out Region* region);
        bool own = page != null && Atomic.Read(ref *(nuint*)&page->Owner) == (nuint)owner;
        start = own ? region->StartOf(page) : null;
        return own ? page : null;
    }
}
