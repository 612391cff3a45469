using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Giving blocks back.</summary>
internal unsafe partial struct ThreadHeap
{
    /// <summary>Gives a block back. Null is harmless; a pointer that is not the heap's is reported.</summary>
    /// <remarks>
    /// One comparison decides. If the page is ours, the exclusive or is 0 and it is less than what is left.
    /// If it is another thread's, or no page of small blocks at all, it is at least the alignment of thread
    /// heaps and so larger. Addresses outside the first region meet the entry behind the last slice, which
    /// nobody owns.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Free(void* address, ThreadHeap* thread)
    {
        nuint slice = (nuint)((byte*)address - thread->Base) >> Region.Log2Slice;
        if (slice > thread->SliceCount)
        {
            slice = thread->SliceCount;
        }

        Page* page = (Page*)((byte*)thread->Pages + (slice << 6));
        if (((nuint)page->Owner ^ (nuint)thread) >= page->Left)
        {
            FreeSlow(address, thread);
            return;
        }

        ((Block*)address)->Next = page->Free;
        page->Free = (Block*)address;
        page->Left = page->Left - 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FreeSlow(void* address, ThreadHeap* thread)
    {
        if (address == null)
        {
            return;
        }

        thread = ProcessHeap.Ensure(thread);
        HeapState* heap = thread != null ? thread->Heap : ProcessHeap.State;
        if (heap != null)
        {
            Free(heap, address, thread);
        }
    }

    /// <summary>Gives a block back, even without a thread heap: when there is no memory for one.</summary>
    internal static void Free(HeapState* heap, void* address, ThreadHeap* thread)
    {
        Page* page = heap->PageOf(address, out Region* region);
        Block* block = (Block*)address;
        if (page == null || page->Kind != PageKind.Small)
        {
            if (!LargeBlocks.TryFree(heap, region, page, address))
            {
                heap->ReportForeign(address);
            }
        }
        else if (page->Owner == thread)
        {
            thread->Busy = 1;
            block->Next = page->Free;
            page->Free = block;
            Returned(thread, page, 1);
            thread->Busy = 0;
        }
        else if (thread != null)
        {
            thread->Busy = 1;
            SendBack(thread, page, block);
            thread->Busy = 0;
        }
        else
        {
            block->Next = null;
            Deliver(page->Owner, block, Os.ThreadId());
        }
    }

    /// <summary>
    /// Counts blocks that have come back to a page of ours, and looks where the page belongs now.
    /// </summary>
    private static void Returned(ThreadHeap* thread, Page* page, int count)
    {
        if ((nuint)count <= page->Left)
        {
            page->Left -= (nuint)count;
            return;
        }

        int used = page->Used - count;
        page->SetUsed(used, used);
        if (page->Place == PagePlace.Full)
        {
            Link(thread, page);
        }

        // The current page is kept even when it is empty: a class that is used at all will be used again.
        if (used == 0 && page->Place == PagePlace.Available)
        {
            Unlink(thread, page);
            Release(thread->Heap, page);
        }
    }

    private static void Release(HeapState* heap, Page* page)
    {
        Region* region = Region.Of(heap, page);
        nuint count = page->Slices;
        page->Owner = null;
        page->Slices = 0;
        for (nuint inside = 0; inside < count; inside++)
        {
            page[inside].Kind = PageKind.None;
        }

        heap->Give(region, region->SliceOf(page), count);
    }
}
