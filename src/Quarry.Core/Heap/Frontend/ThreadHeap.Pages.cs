namespace Quarry;

/// <summary>The pages of a thread heap: where each is kept, and where new ones come from.</summary>
internal unsafe partial struct ThreadHeap
{
    /// <summary>
    /// Leaves a page of which every block is out to itself, until enough of them have come back.
    /// </summary>
    private static void SetFull(Page* page)
    {
        // Each return trip costs a slow path; an eighth of the page may lie idle to save some.
        int lookAfter = page->Capacity / 8;
        lookAfter = lookAfter == 0 ? 1 : lookAfter > page->Used ? page->Used : lookAfter;
        page->Place = PagePlace.Full;
        page->SetUsed(page->Used, lookAfter);
    }

    /// <summary>A page of the class that has free or untouched blocks; null if there is no memory.</summary>
    private static Page* FindPage(ThreadHeap* thread, int sizeClass)
    {
        Page* page = Available(thread)[sizeClass];
        if (page != null)
        {
            Unlink(thread, page);
        }
        else
        {
            Flush(thread);
            ReclaimNowAndThen(thread);
            page = thread->Heap->Orphans == 0 ? null : TakeFromOrphan(thread, sizeClass);
            if (page == null)
            {
                page = NewPage(thread, sizeClass);
            }
        }

        if (page != null)
        {
            SetCurrent(page);
        }

        return page;
    }

    /// <summary>
    /// Out of memory: a page that was left to itself may have a few free blocks all the same.
    /// </summary>
    private static Page* RescuePage(ThreadHeap* thread, int sizeClass)
    {
        for (Region* region = thread->Heap->First; region != null; region = region->Next)
        {
            nuint frontier = Atomic.Read(ref region->Frontier);
            for (Page* page = region->Pages + region->FirstSlice; page < region->Pages + frontier; page++)
            {
                if (page->Owner == thread && page->Class == sizeClass && page->Free != null
                    && page->Place == PagePlace.Full)
                {
                    SetCurrent(page);
                    return page;
                }
            }
        }

        return null;
    }

    private static void SetCurrent(Page* page)
    {
        page->Place = PagePlace.Current;
        page->SetUsed(page->Used, page->Used);
    }

    private static Page* NewPage(ThreadHeap* thread, int sizeClass)
    {
        nuint count = SizeClass.SlicesOf(sizeClass);
        nuint slice = HeapState.Take(thread->Heap, count, Region.SliceSize, out Region* region, out _);
        if (slice == Region.None)
        {
            return null;
        }

        Page* page = region->Pages + slice;
        page->BlockSize = SizeClass.SizeOf(sizeClass);
        page->Class = (byte)sizeClass;
        page->Capacity = (ushort)((count << Region.Log2Slice) / page->BlockSize);
        page->Carved = 0;
        page->Free = null;
        page->Left = 0;
        page->Reserve = 0;
        page->Slices = (uint)count;
        page->SlicesToHead = 0;
        page->Kind = PageKind.Small;
        for (nuint inside = 1; inside < count; inside++)
        {
            page[inside].SlicesToHead = (byte)inside;
            page[inside].Kind = PageKind.Inside;
        }

        page->Owner = thread;
        return page;
    }

    private static byte* StartOf(ThreadHeap* thread, Page* page) =>
        Region.Of(thread->Heap, page)->StartOf(page);

    private static void Link(ThreadHeap* thread, Page* page)
    {
        Page** list = &Available(thread)[page->Class];
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
            Available(thread)[page->Class] = page->Next;
        }
    }
}
