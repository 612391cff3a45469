using System.Threading;

namespace Quarry;

/// <content>Freeing pages of a thread that does not drain its queue, as it sleeps.</content>
internal static unsafe partial class RemoteQueue
{
    private const ushort Complete = 0x8000;

    /// <summary>Frees the pages of which every block lies in the queue of a thread heap.</summary>
    /// <remarks>
    /// <para>
    /// A full page has no block in the owner's free list, and none of its own list if all of them are in the
    /// queue. The owner then never touches it again: it can only free blocks that the program has, or drain
    /// the queue, which is in this thread's hands. Whether a page is full is the only thing that is read from
    /// it, and the owner writes that last, see <see cref="PageQueues.SetFull"/>.
    /// </para>
    /// <para>
    /// Rebuilding a thread heap touches all its pages, so the two exclude each other by <see
    /// cref="ThreadHeap.Reliever"/>; neither waits. If the thread is killed in here, the chains are leaked.
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
        Count(owner->Heap, chains);
        Distribute(owner, chains);
        Release(owner);
    }

    /// <summary>
    /// Relieves the queues of threads that have not drained them since this was last called: they are taken
    /// to be asleep.
    /// </summary>
    internal static void RelieveSleeping(ThreadHeap* thread)
    {
        int threadId = Os.ThreadId();
        for (ThreadHeap* other = thread->Heap->Threads; other != null; other = other->Next)
        {
            nuint drains = Atomic.Read(ref other->Drains);
            if (other != thread && drains == other->SeenDrains)
            {
                Relieve(other, threadId);
            }

            // Not atomic: threads that look at the same time may relieve a thread a little early.
            other->SeenDrains = drains;
        }
    }

    /// <summary>Excludes others from relieving or rebuilding a thread heap.</summary>
    internal static bool TryHold(ThreadHeap* owner, int threadId) =>
        Atomic.TryReplace(ref owner->Reliever, 0, (nuint)threadId);

    /// <summary>Ends what <see cref="TryHold"/> began.</summary>
    internal static void Release(ThreadHeap* owner) => Atomic.Write(ref owner->Reliever, 0);

    /// <summary>Counts the blocks of each page, and marks the pages that are complete.</summary>
    private static void Count(HeapState* heap, Block* chains)
    {
        // A reliever that was killed may have left numbers behind.
        for (Block* chain = chains; chain != null; chain = (Block*)chain->Link)
        {
            Page* page = heap->Backend.Find(chain, out _);
            page->Posted = 0;
        }

        for (Block* chain = chains; chain != null; chain = (Block*)chain->Link)
        {
            Page* page = heap->Backend.Find(chain, out Region* region);
            page->Posted += (ushort)RemoteChain.Unseal(chain, page, region->StartOf(page), out _);
        }

        for (Block* chain = chains; chain != null; chain = (Block*)chain->Link)
        {
            Page* page = heap->Backend.Find(chain, out _);
            bool full = Volatile.Read(ref *(byte*)&page->Place) == (byte)PagePlace.Full;
            if (full && page->Posted == page->Capacity)
            {
                page->Posted |= Complete;
            }
        }
    }

    private static void Distribute(ThreadHeap* owner, Block* chains)
    {
        HeapState* heap = owner->Heap;
        Block* chain = chains;
        while (chain != null)
        {
            Block* next = (Block*)chain->Link;
            Page* page = heap->Backend.Find(chain, out Region* region);
            if ((page->Posted & Complete) == 0)
            {
                Post(heap, (ThreadHeap*)page->Owner, chain, Os.ThreadId());
            }
            else
            {
                page->Posted -= (ushort)RemoteChain.Unseal(chain, page, region->StartOf(page), out _);
                if (page->Posted == Complete)
                {
                    // The last chain of the page: nothing refers to its memory any more.
                    page->Posted = 0;
                    page->SetUsed(0, 0);
                    PageQueues.Free(heap, page);
                }
            }

            chain = next;
        }
    }
}
