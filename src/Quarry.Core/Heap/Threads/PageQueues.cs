using System.Diagnostics;
using System.Threading;

namespace Quarry;

/// <summary>
/// Where a thread heap keeps its pages: the states of a page of small blocks, and every transition.
/// </summary>
/// <remarks>
/// <para>
/// All of it happens in slow paths of the owner, or of a thread that has claimed an abandoned thread heap.
/// </para>
/// <code>
/// from        event                                                  to           by
/// (slices)    no page with free blocks is left                       Current      SetCurrent
/// Available   a free list needs a page                               Current      TakeAvailable
/// Full        memory is exhausted, and the page has a few free ones  Current      Rescue
/// Current     nothing is left to put into the free list              Full         SetFull
/// Current     the thread ends, or gives unused memory back           see Shelve   Shelve
/// Full        an eighth of its blocks were freed                     Available    Returned
/// Available   its last used block was freed                          (slices)     Returned
/// Full        other threads freed all its blocks, the owner sleeps   (slices)     RemoteQueue.Relieve
/// Available   its owner was abandoned, another thread needs a page   Current of the other thread
/// any         the thread was killed inside a slow path               see Shelve   ThreadLifetime.Rebuild
/// </code>
/// <para>
/// The current page stays current even when it is empty: a class that is used at all will be used again.
/// </para>
/// </remarks>
internal static unsafe class PageQueues
{
    /// <summary>Returns blocks to a page that the thread owns; they are in the page's list already.</summary>
    internal static void Returned(ThreadHeap* thread, Page* page, int count)
    {
        Debug.Assert(page->Owner == thread && page->Kind == PageKind.Small, "a page of another thread");
        if ((nuint)count <= page->Left)
        {
            page->Left -= (nuint)count;
            return;
        }

        int used = page->Used - count;
        if (used < 0)
        {
            // Some block came back twice. An empty page must not count below zero, or Left would be huge.
            HeapState.ReportDoubleFree(thread->Heap, page->Free);
            return;
        }

        SetUsed(thread, page, used);
        if (page->Place == PagePlace.Full)
        {
            Link(thread, page);
        }

        if (used == 0 && page->Place == PagePlace.Available)
        {
            Unlink(thread, page);
            Free(thread->Heap, page);
        }
    }

    /// <summary>
    /// Makes a page with free or untouched blocks the one that the free list is refilled from.
    /// </summary>
    internal static void SetCurrent(ThreadHeap* thread, Page* page)
    {
        SetUsed(thread, page, page->Used);
        page->Place = PagePlace.Current;
        ThreadHeap.Current(thread)[page->Class] = page;
    }

    /// <summary>Leaves a page without free blocks alone, until enough of them were freed.</summary>
    internal static void SetFull(ThreadHeap* thread, Page* page)
    {
        // Each return to the list costs a slow path; an eighth of the page may stay unused to save some.
        int inspectAfter = thread->Observed ? 1 : page->Capacity / 8;
        inspectAfter = inspectAfter == 0 ? 1 : inspectAfter > page->Used ? page->Used : inspectAfter;
        page->SetUsed(page->Used, inspectAfter);

        // Last: from here on a thread that holds all blocks of the page may free it, see RemoteQueue.Relieve.
        Volatile.Write(ref *(byte*)&page->Place, (byte)PagePlace.Full);
    }

    /// <summary>
    /// Takes a page with free blocks from the list of a class; returns null if there is none.
    /// </summary>
    internal static Page* TakeAvailable(ThreadHeap* thread, int sizeClass)
    {
        Page* page = ThreadHeap.Available(thread)[sizeClass];
        if (page != null)
        {
            Unlink(thread, page);
        }

        return page;
    }

    /// <summary>
    /// Finds a full page that has a few free blocks all the same, for when memory is exhausted.
    /// </summary>
    internal static Page* Rescue(ThreadHeap* thread, int sizeClass)
    {
        for (Region* region = thread->Heap->Backend.First; region != null; region = region->Next)
        {
            nuint highWater = Atomic.Read(ref region->HighWater);
            for (Page* page = region->Pages + region->FirstSlice; page < region->Pages + highWater; page++)
            {
                // The owner last: a page that changed hands while its other fields were read is not ours
                // then. With a free block in its list no other thread can hold all blocks of a page of ours.
                if (page->Class == sizeClass && page->Place == PagePlace.Full && page->Free != null
                    && Atomic.Read(ref *(nuint*)&page->Owner) == (nuint)thread)
                {
                    return page;
                }
            }
        }

        return null;
    }

    /// <summary>Puts a page that is in no list where it belongs by the number of its used blocks.</summary>
    internal static void Shelve(ThreadHeap* thread, Page* page)
    {
        if (page->Used == 0)
        {
            Free(thread->Heap, page);
        }
        else if (page->Used == page->Capacity)
        {
            SetFull(thread, page);
        }
        else
        {
            SetUsed(thread, page, page->Used);
            Link(thread, page);
        }
    }

    /// <summary>Returns the blocks in the thread's free list of a class to their page.</summary>
    internal static void ReturnList(ThreadHeap* thread, int sizeClass)
    {
        Block* list = ThreadHeap.FreeLists(thread)[sizeClass];
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

        // Out of one list first: a thread that ends here leaks the blocks.
        ThreadHeap.FreeLists(thread)[sizeClass] = null;
        if (count > page->Capacity)
        {
            // A block that was freed twice made a list without end. Its blocks are leaked.
            return;
        }

        ThreadHeap.Listed(thread)[sizeClass] -= (nuint)count;
        last->Next = page->Free;
        page->Free = list;
        Returned(thread, page, count);
    }

    /// <summary>Has the owner inspect its pages at each free, or only when it has to, from now on.</summary>
    internal static void Inspect(ThreadHeap* thread)
    {
        for (Region* region = thread->Heap->Backend.First; region != null; region = region->Next)
        {
            nuint highWater = Atomic.Read(ref region->HighWater);
            for (Page* page = region->Pages + region->FirstSlice; page < region->Pages + highWater; page++)
            {
                if (Atomic.Read(ref *(nuint*)&page->Owner) == (nuint)thread)
                {
                    SetUsed(thread, page, page->Used);
                }
            }
        }
    }

    /// <summary>Returns the slices of a page without used blocks to the back end.</summary>
    internal static void Free(HeapState* heap, Page* page)
    {
        Debug.Assert(page->Used == 0 && page->Slices != 0, "a page that is used, or freed already");
        Region* region = heap->Backend.RegionOf(page);
        nuint count = page->Slices;

        // The owner first: if the thread is killed behind it, the slices are leaked, and rebuilding the
        // thread heap does not come across half a page.
        Atomic.Write(ref *(nuint*)&page->Owner, 0);
        page->Place = PagePlace.None;
        page->Free = null;
        page->Slices = 0;
        for (nuint inside = 0; inside < count; inside++)
        {
            page[inside].Kind = PageKind.None;
        }

        HeapBackend.FreeSlices(&heap->Backend, region, region->SliceOf(page), count);
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
