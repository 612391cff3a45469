using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Refilling the free list of a class.</content>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    // A list is refilled from untouched memory by one page of the system at a time while the page is young,
    // by more when it has proved to be needed: memory is touched only as it is used.
    private const nuint SmallStep = 4096, LargeStep = 16384;

    /// <summary>
    /// Finds free blocks of a class; returns them as a list that is not yet the thread's, or null.
    /// </summary>
    private static Block* Refill(ThreadHeap* thread, int sizeClass)
    {
        HeapUpkeep.OnRefill(thread);
        if (Atomic.Read(ref thread->RemoteQueue) != 0)
        {
            RemoteQueue.Drain(thread);
        }

        Page* page = ThreadHeap.Current(thread)[sizeClass];
        for (; ; )
        {
            if (page != null)
            {
                if (page->Free != null)
                {
                    return TakeFreed(thread, page);
                }

                if (page->Extended < page->Capacity)
                {
                    return Extend(thread, page);
                }

                PageQueues.SetFull(thread, page);
            }

            page = FindPage(thread, sizeClass);
            if (page == null)
            {
                ThreadHeap.Current(thread)[sizeClass] = null;
                return null;
            }

            PageQueues.SetCurrent(thread, page);
        }
    }

    /// <summary>
    /// Finds a page of the class that has free or untouched blocks; returns null if there is no memory.
    /// </summary>
    private static Page* FindPage(ThreadHeap* thread, int sizeClass)
    {
        Page* page = PageQueues.TakeAvailable(thread, sizeClass);
        if (page != null)
        {
            return page;
        }

        RemoteCache.Flush(thread);
        page = ThreadLifetime.TakePage(thread, sizeClass);
        page = page != null ? page : NewPage(thread, sizeClass);
        return page != null ? page : PageQueues.Rescue(thread, sizeClass);
    }

    private static Page* NewPage(ThreadHeap* thread, int sizeClass)
    {
        nuint count = SmallSizes<TSizes>.SlicesOf(sizeClass);
        nuint slice = HeapState.AllocateSlices(thread->Heap, count, Region.SliceSize, out Region* region);
        if (slice == Region.None)
        {
            return null;
        }

        Page* page = region->Pages + slice;
        page->BlockSize = SmallSizes<TSizes>.SizeOf(sizeClass);
        page->Class = (byte)sizeClass;
        page->Capacity = (ushort)((count << Region.Log2Slice) / page->BlockSize);
        page->Extended = 0;
        page->Free = null;
        page->Left = 0;
        page->Reserve = 0;
        page->Posted = 0;
        page->Place = PagePlace.None;
        page->Slices = (uint)count;
        page->SlicesToHead = 0;
        page->Kind = PageKind.Small;
        for (nuint inside = 1; inside < count; inside++)
        {
            page[inside].SlicesToHead = (byte)inside;
            page[inside].Kind = PageKind.Inside;
        }

        // Last: a thread that reads the descriptor and finds an owner finds the rest.
        Atomic.Write(ref *(nuint*)&page->Owner, (nuint)thread);
        return page;
    }

    /// <summary>Takes all free blocks of a page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Block* TakeFreed(ThreadHeap* thread, Page* page)
    {
        Block* list = page->Free;
        page->Free = null;
        ThreadHeap.Listed(thread)[page->Class] += (nuint)(page->Extended - page->Used);
        page->SetUsed(page->Extended, thread->Observed ? 1 : page->Extended);
        return list;
    }

    /// <summary>Cuts blocks from the untouched part of a page.</summary>
    private static Block* Extend(ThreadHeap* thread, Page* page)
    {
        nuint size = page->BlockSize;
        nuint offset = page->Extended * size;
        nuint step = offset < LargeStep ? SmallStep : LargeStep;
        nuint count = (Layout.AlignUp(offset + 1, step) - offset) / size;
        nuint room = (nuint)(page->Capacity - page->Extended);
        count = count == 0 ? 1 : count > room ? room : count;

        byte* first = thread->Heap->Backend.RegionOf(page)->StartOf(page) + offset;
        byte* last = first + ((count - 1) * size);
        for (byte* block = first; block < last; block += size)
        {
            ((Block*)block)->Next = (Block*)(block + size);
        }

        ((Block*)last)->Next = null;
        int used = page->Used + (int)count;
        page->Extended += (ushort)count;
        page->SetUsed(used, thread->Observed ? 1 : used);
        ThreadHeap.Listed(thread)[page->Class] += count;
        return (Block*)first;
    }
}
