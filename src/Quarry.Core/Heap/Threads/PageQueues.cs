using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <summary>
/// Manages the pages of a thread heap: the states of a page of small blocks, and every transition.
/// </summary>
/// <remarks>
/// <para>
/// Transitions are made in slow paths of the owner, or of a thread that has claimed the thread heap; only
/// <see cref="RemoteQueue.Relieve"/> frees pages of another thread.
/// </para>
/// <code>
/// from        event                                                  to           by
/// (slices)    the class has no page with free blocks left            Current      SetCurrent
/// Available   a free list needs a page                               Current      TakeAvailable
/// Full        memory is exhausted, and the page has a few free ones  Current      Rescue
/// Current     nothing is left to put into the free list              Full         SetFull
/// Current     the thread ends, or the lists it left are returned     see Shelve   Shelve
/// Current     a trim finds no block in use                           (slices)     HeapUpkeep.Trim
/// Full        an eighth of its blocks have been freed                Available    Returned
/// Available   its last used block is freed                           (slices)     Returned
/// Available   it was idle for a decay time                           Available    PageHoles.Purge
/// Full        its blocks are free, in the queue of a sleeping owner  (slices)     RemoteQueue.Relieve
/// Available   its owner is abandoned, another thread needs a page    Current      ThreadLifetime.TakePage
/// any         the thread was killed, or jumped out of a slow path    see Shelve   ThreadLifetime.Rebuild
/// </code>
/// <para>
/// The current page stays current even when it is empty: a class in use is likely to be used again.
/// </para>
/// </remarks>
internal static unsafe class PageQueues
{
    /// <summary>Updates a page that the thread owns after blocks were added to the page's list.</summary>
    internal static void Returned(ThreadHeap* thread, Page* page, int count)
    {
        Debug.Assert(page->Owner == thread && page->IsSmall, "a page of another thread");
        if ((nuint)count <= page->Left)
        {
            page->Left -= (nuint)count;
            return;
        }

        int used = page->Used - count;
        if (used < 0)
        {
            // A block was freed twice. The count must not become negative, or Left would be huge.
            HeapState.ReportDoubleFree(thread->Heap, page->Free);
            return;
        }

        if (page->Place == PagePlace.Available)
        {
            ReturnedToAvailable(thread, page, used);
            return;
        }

        bool wasFull = page->Place == PagePlace.Full;
        if (wasFull)
        {
            // Before the count: a thread that holds all other blocks of the page must not free it any more.
            // Pairs with the reads in RemoteQueue.IsUnused.
            Volatile.Write(ref *(byte*)&page->Place, (byte)PagePlace.None);
        }

        SetUsed(thread, page, used);
        if (wasFull)
        {
            ReturnedToFull(thread, page, used);
        }
    }

    /// <summary>
    /// Makes a page with free or untouched blocks the one from which the free list is refilled.
    /// </summary>
    internal static void SetCurrent(ThreadHeap* thread, Page* page)
    {
        SetUsed(thread, page, page->Used);
        page->Place = PagePlace.Current;
        ThreadHeap.Current(thread)[page->Class] = page;
    }

    /// <summary>Sets aside a page without free blocks until enough of its blocks have been freed.</summary>
    internal static void SetFull(ThreadHeap* thread, Page* page)
    {
        // Each return to the list costs a slow path; up to an eighth of the page stays unused to avoid some.
        int inspectAfter = thread->Observed ? 1 : page->Capacity / 8;
        inspectAfter = inspectAfter == 0 ? 1 : inspectAfter > page->Used ? page->Used : inspectAfter;
        page->SetUsed(page->Used, inspectAfter);

        // Last: from here on, a thread that holds all blocks of the page may free it. Pairs with the read in
        // RemoteQueue.IsUnused.
        Volatile.Write(ref *(byte*)&page->Place, (byte)PagePlace.Full);
    }

    /// <summary>
    /// Removes a page with free blocks from the list of a class and returns it; null if there is none.
    /// </summary>
    internal static Page* TakeAvailable(ThreadHeap* thread, int sizeClass)
    {
        Page* page = ThreadHeap.Available(thread)[sizeClass];
        if (page != null)
        {
            Unlink(thread, page);
            if (page->Purged != 0)
            {
                PageHoles.Fill(thread->Heap->Backend.RegionOf(page), page);
            }
        }

        return page;
    }

    /// <summary>
    /// Finds a page in the state Full that has a few free blocks, when memory is exhausted.
    /// </summary>
    internal static Page* Rescue(ThreadHeap* thread, int sizeClass)
    {
        if (!RemoteQueue.TryHold(thread, ThreadOwnership.CurrentId(thread->Heap)))
        {
            return null;
        }

        Page* page = FindFull(thread, sizeClass);
        if (page != null)
        {
            page->Place = PagePlace.None;
        }

        RemoteQueue.Release(thread);
        return page;
    }

    /// <summary>
    /// Frees a page that is in no list, or makes it full or available, by the number of its used blocks.
    /// </summary>
    internal static void Shelve(ThreadHeap* thread, Page* page)
    {
        Region* region = thread->Heap->Backend.RegionOf(page);
        if (PageHoles.InUse(region, page) == 0)
        {
            FreeUnused(thread->Heap, page);
        }
        else if (page->Used == page->Capacity && page->Purged == 0)
        {
            SetFull(thread, page);
        }
        else
        {
            SetUsedBesideHoles(thread, region, page, page->Used);
            Link(thread, page);
        }
    }

    /// <summary>
    /// Returns the free lists of a thread heap to their pages, of which none is current any more.
    /// </summary>
    internal static void ReturnAll(ThreadHeap* thread)
    {
        thread->KeepsLists = false;
        for (int sizeClass = 0; sizeClass < thread->Heap->ClassCount; sizeClass++)
        {
            ReturnClass(thread, sizeClass);
        }
    }

    /// <summary>Returns the free list of a class to its page, which is not current any more.</summary>
    internal static void ReturnClass(ThreadHeap* thread, int sizeClass)
    {
        ReturnList(thread, sizeClass);
        Page* page = ThreadHeap.Current(thread)[sizeClass];
        if (page != null)
        {
            ThreadHeap.Current(thread)[sizeClass] = null;
            Shelve(thread, page);
        }
    }

    /// <summary>Returns the blocks in the thread's free list of a class to their page.</summary>
    internal static void ReturnList(ThreadHeap* thread, int sizeClass)
    {
        // Removed by one instruction, because a signal handler may allocate from the list until then; and
        // before it is added to the page: a thread that is killed here leaks the blocks.
        ref nuint first = ref *(nuint*)&ThreadHeap.FreeLists(thread)[sizeClass];
        Block* list = first == 0 ? null : (Block*)Atomic.Exchange(ref first, 0);
        if (list == null)
        {
            return;
        }

        Page* page = thread->Heap->Backend.Find(list, out _);
        Block* last = list;
        int count = 1;
        for (; last->Next != null && count <= page->Capacity; count++)
        {
            last = last->Next;
        }

        if (count > page->Capacity)
        {
            // A block that was freed twice closed the list into a cycle. Its blocks are leaked.
            return;
        }

        ThreadHeap.Listed(thread)[sizeClass] -= (nuint)count;
        thread->Flushes++;
        if (thread->Chooses)
        {
            BlockCountdowns.Return(thread, sizeClass, (nuint)count);
        }

        last->Next = page->Free;
        page->Free = list;
        Returned(thread, page, count);
    }

    /// <summary>
    /// Sets the next inspection of all pages of a thread, after its <see cref="ThreadHeap.Observed"/>
    /// changed. The caller holds the thread heap against relieving.
    /// </summary>
    internal static void Inspect(ThreadHeap* thread)
    {
        for (Region* region = thread->Heap->Backend.First; region != null; region = region->Next)
        {
            nuint highWater = Atomic.Read(ref region->HighWater);
            for (Page* page = region->Pages + region->FirstSlice; page < region->Pages + highWater; page++)
            {
                if (Atomic.Read(ref *(nuint*)&page->Owner) != (nuint)thread)
                {
                    continue;
                }

                if (page->Place == PagePlace.Full)
                {
                    SetFull(thread, page);
                }
                else
                {
                    SetUsedBesideHoles(thread, region, page, page->Used);
                }
            }
        }
    }

    /// <summary>
    /// Sets the number of used blocks of a page that may have holes, of which it is the number of others that
    /// can be freed.
    /// </summary>
    internal static void SetUsedBesideHoles(ThreadHeap* thread, Region* region, Page* page, int used)
    {
        int inUse = used - PageHoles.Count(region, page);
        page->SetUsed(used, thread->Observed || inUse < 1 ? 1 : inUse);
    }

    /// <summary>Frees the slices of a page without used blocks.</summary>
    internal static void Free(HeapState* heap, Page* page)
    {
        Debug.Assert(page->Used == 0 && page->Slices != 0, "a page that is used, or freed already");
        Region* region = heap->Backend.RegionOf(page);
        nuint count = page->Slices;

        // The owner first: if the thread is killed after this store, the slices are leaked, and rebuilding
        // the thread heap does not find a page that is partly freed.
        Atomic.Write(ref *(nuint*)&page->Owner, 0);
        page->Place = PagePlace.None;
        page->Free = null;
        if (page->Purged != 0)
        {
            PageHoles.Clear(region, page);
        }

        page->Slices = 0;
        for (nuint inside = 0; inside < count; inside++)
        {
            page[inside].Kind = PageKind.None;
        }

        HeapBackend.FreeSlices(&heap->Backend, region, region->SliceOf(page), count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReturnedToAvailable(ThreadHeap* thread, Page* page, int used)
    {
        Region* region = thread->Heap->Backend.RegionOf(page);
        int holes = PageHoles.Count(region, page);
        if (used < holes)
        {
            // A block in a hole was freed twice; it is in the list of the page as well now, until that ends.
            HeapState.ReportDoubleFree(thread->Heap, page->Free);
        }
        else if (used > holes)
        {
            page->SetUsed(used, thread->Observed ? 1 : used - holes);
        }
        else
        {
            Unlink(thread, page);
            ThreadClock.OnFreedPage(thread);
            FreeUnused(thread->Heap, page);
        }
    }

    private static void ReturnedToFull(ThreadHeap* thread, Page* page, int used)
    {
        ThreadClock.OnFreedPage(thread);
        if (used == 0)
        {
            Free(thread->Heap, page);
        }
        else
        {
            thread->IdleCandidates++;
            Link(thread, page);
        }
    }

    private static Page* FindFull(ThreadHeap* thread, int sizeClass)
    {
        for (Region* region = thread->Heap->Backend.First; region != null; region = region->Next)
        {
            nuint highWater = Atomic.Read(ref region->HighWater);
            for (Page* page = region->Pages + region->FirstSlice; page < region->Pages + highWater; page++)
            {
                // The owner is read last: a page whose owner changed while its other fields were read is
                // rejected.
                if (page->Class == sizeClass && page->Place == PagePlace.Full && page->Free != null
                    && Atomic.Read(ref *(nuint*)&page->Owner) == (nuint)thread)
                {
                    return page;
                }
            }
        }

        return null;
    }

    private static void FreeUnused(HeapState* heap, Page* page)
    {
        // Blocks in holes count as used.
        page->SetUsed(0, 0);
        Free(heap, page);
    }

    private static void SetUsed(ThreadHeap* thread, Page* page, int used) =>
        page->SetUsed(used, thread->Observed ? 1 : used);

    private static void Link(ThreadHeap* thread, Page* page)
    {
        Debug.Assert(page->Place != PagePlace.Available, "a page that is in the list already");
        Page** list = &ThreadHeap.Available(thread)[page->Class];
        page->Place = PagePlace.Available;
        page->Previous = null;
        page->Next = *list;
        if (page->Next != null)
        {
            page->Next->Previous = page;
        }

        *list = page;
    }

    private static void Unlink(ThreadHeap* thread, Page* page)
    {
        Debug.Assert(page->Place == PagePlace.Available, "a page that is not in the list");
        if (thread->IdlePage == page)
        {
            thread->IdlePage = page->Next;
        }

        if (page->Next != null)
        {
            page->Next->Previous = page->Previous;
        }

        if (page->Previous != null)
        {
            page->Previous->Next = page->Next;
        }
        else
        {
            ThreadHeap.Available(thread)[page->Class] = page->Next;
        }

        page->Place = PagePlace.None;
    }
}
