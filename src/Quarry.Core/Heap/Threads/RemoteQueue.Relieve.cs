using System.Threading;

namespace Quarry;

/// <content>Frees pages of sleeping threads, which do not drain their queues.</content>
internal static unsafe partial class RemoteQueue
{
    // A thread with that many bytes in its queue is taken to be asleep: one that waits for a processor has
    // fewer.
    private const nuint FirstGrowth = 1024 * 1024;

    // From then on its queue is searched when it has grown by an eighth and the first number of bytes, or
    // when half of the blocks that its pages lack have arrived, but not for fewer bytes than the second.
    private const nuint Growth = 256 * 1024, LeastGrowth = 64 * 1024;

    /// <summary>Frees the full pages of a thread heap whose blocks are all free.</summary>
    /// <remarks>
    /// <para>
    /// A full page has no block in the owner's free list. If all its blocks are in the queue, or some there
    /// and the others in the list of the page, the owner never touches the page again: it could only free a
    /// block that the program holds, or drain the queue, which this thread has emptied. See <see
    /// cref="IsUnused"/>.
    /// </para>
    /// <para>
    /// The chains of each page are joined to one, and posted back if the page is in use. So the next search,
    /// and the owner, find a chain for each page.
    /// </para>
    /// <para>
    /// Rebuilding a thread heap, changing whether it is observed, or making a full page current touches its
    /// full pages, so these exclude relieving by <see cref="ThreadHeap.Reliever"/>; neither waits. If this
    /// thread is killed, the chains are leaked.
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

        nuint retained = 0, missing = 0;
        Block* chain = Join(owner, TakeAll(owner), threadId);
        while (chain != null)
        {
            Block* next = (Block*)chain->Link;
            Page* page = PageOf(owner, chain, out byte* start);
            int count = page == null ? 0 : RemoteChain.Unseal(chain, page, start, out _);
            if (count == 0)
            {
                PostOn(owner->Heap, chain, threadId);
            }
            else if (IsUnused(page, start, count))
            {
                page->SetUsed(0, 0);
                PageQueues.Free(owner->Heap, page);
            }
            else
            {
                // Others have blocks in the owner's free list.
                int used = page->Place == PagePlace.Full ? page->Used : 0;
                retained += (nuint)count * page->BlockSize;
                missing += used > count ? (nuint)(used - count) * page->BlockSize : 0;
                Post(owner->Heap, owner, chain, threadId);
            }

            chain = next;
        }

        nuint half = missing / 2 > LeastGrowth ? missing / 2 : LeastGrowth;
        nuint growth = Growth + (retained / 8);
        owner->BytesToSearch = half < growth ? half : growth;
        Release(owner);
    }

    /// <summary>
    /// Counts the bytes of a chain that is about to be posted to a thread heap; returns whether the queue has
    /// become so long that the owner should be relieved.
    /// </summary>
    /// <remarks>
    /// Before the chain is posted, because another processor may take the cache line afterwards. The count is
    /// not atomic: it may miss some bytes.
    /// </remarks>
    internal static bool Count(ThreadHeap* owner, nuint bytes)
    {
        bytes += owner->PostedBytes;
        bool isDue = bytes >= (owner->BytesToSearch == 0 ? FirstGrowth : owner->BytesToSearch);
        owner->PostedBytes = isDue ? 0 : bytes;
        return isDue;
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

    /// <summary>
    /// Relieves the threads that have not drained their queues since the last call; they are assumed to be
    /// asleep.
    /// </summary>
    private static void RelieveSleeping(HeapState* heap, ThreadHeap* self)
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

    /// <summary>
    /// Joins the chains of each page of the owner, and posts others on; returns the chains.
    /// </summary>
    /// <remarks>
    /// The queue can hold chains of pages that another thread heap has acquired since. A reliever of that
    /// thread heap may be joining them at the same time, so they are left alone.
    /// </remarks>
    private static Block* Join(ThreadHeap* owner, Block* chains, int threadId)
    {
        // A reliever that was killed may have left positions.
        for (Block* chain = chains; chain != null; chain = (Block*)chain->Link)
        {
            Page* page = PageOf(owner, chain, out _);
            if (page != null)
            {
                page->Posted = 0;
            }
        }

        Block* joined = null;
        while (chains != null)
        {
            Block* chain = chains;
            chains = (Block*)chain->Link;
            Page* page = PageOf(owner, chain, out byte* start);
            nuint offset = (nuint)((byte*)chain - start);
            if (page == null || offset % page->BlockSize != 0
                || RemoteChain.Unseal(chain, page, start, out _) == 0)
            {
                PostOn(owner->Heap, chain, threadId);
            }
            else if (page->Posted == 0)
            {
                page->Posted = (ushort)((offset / page->BlockSize) + 1);
                chain->Link = (nuint)joined;
                joined = chain;
            }
            else
            {
                Block* first = (Block*)(start + ((page->Posted - 1u) * page->BlockSize));
                if (!RemoteChain.TryJoin(first, chain, page, start))
                {
                    // More blocks than the page has: some were freed twice, which the owner reports.
                    PostOn(owner->Heap, chain, threadId);
                }
            }
        }

        return joined;
    }

    /// <summary>
    /// Determines whether all blocks of a page are free, and the owner has finished with it.
    /// </summary>
    /// <remarks>
    /// With a part of the blocks in the list of the page, the owner may be inside the call that freed the
    /// last of them. It adds a block to the list, and then counts it; in a slow path, it ends the state Full
    /// before it counts. So the count is read first, and the place last. That needs stores that become
    /// visible in program order, as those of the fast path do on x64 alone.
    /// </remarks>
    private static bool IsUnused(Page* page, byte* start, int posted)
    {
        if (posted != page->Capacity)
        {
            bool counted = Atomic.StoresAreOrdered
                && Atomic.Read(ref page->Left) + Volatile.Read(ref page->Reserve) == (nuint)posted;
            if (!counted || CountFree(page, start) != page->Capacity - posted)
            {
                return false;
            }
        }

        return Volatile.Read(ref *(byte*)&page->Place) == (byte)PagePlace.Full;
    }

    /// <summary>Counts the blocks in the list of a page; returns 0 if that is broken.</summary>
    private static int CountFree(Page* page, byte* start)
    {
        int count = 0;
        nuint bytes = (nuint)page->Slices << Region.Log2Slice;
        Block* block = (Block*)Atomic.Read(ref *(nuint*)&page->Free);
        for (; block != null; block = block->Next)
        {
            if (++count > page->Capacity || !RemoteChain.IsInside(block, start, bytes))
            {
                return 0;
            }
        }

        return count;
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
