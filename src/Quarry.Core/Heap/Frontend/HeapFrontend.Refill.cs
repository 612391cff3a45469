using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Refills the free list of a class.</content>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    // A page is extended by 4 KiB at a time at first, and by 16 KiB once 16 KiB of it are in use, so that
    // memory is touched only as it is needed.
    private const nuint SmallStep = 4096, LargeStep = 16384;

    /// <summary>
    /// Finds free blocks of a class and returns them as a list, which the caller stores; null if out of
    /// memory.
    /// </summary>
    private static Block* Refill(ThreadHeap* thread, int sizeClass)
    {
        ThreadClock.OnRefill(thread);
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

            // Tested here, because few programs have that many threads.
            bool mayBorrow = ThreadLifetime.HasManyThreads(thread->Heap);
            Block* borrowed = mayBorrow ? TryBorrow(thread, sizeClass) : null;
            page = borrowed != null ? null : FindPage(thread, sizeClass);
            if (page == null)
            {
                ThreadHeap.Current(thread)[sizeClass] = null;
                return borrowed;
            }

            PageQueues.SetCurrent(thread, page);
        }
    }

    /// <summary>
    /// Borrows a block, as a list of one, for a thread that hardly uses the class; null if it should have a
    /// page of its own. See <see cref="ThreadLifetime.Borrows"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Block* TryBorrow(ThreadHeap* thread, int sizeClass)
    {
        ThreadHeap* lender = ThreadLifetime.Borrows(thread, sizeClass, SmallSizes<TSizes>.SizeOf(sizeClass))
            ? ThreadLifetime.AcquireLender(thread)
            : null;
        if (lender == null)
        {
            return null;
        }

        Block* block = Pop(lender, sizeClass);
        if (block != null)
        {
            // The allocation is counted where it was made: the count ends the borrowing.
            ThreadHeap.Listed(lender)[sizeClass]--;
            ThreadHeap.Listed(thread)[sizeClass]++;
            block->Next = null;
        }

        ThreadOwnership.Abandon(lender);
        return block;
    }

    /// <summary>
    /// Finds a page of the class that has free or untouched blocks; returns null if out of memory.
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
        page->Capacity = (ushort)((count << Region.Log2Slice)
            / (page->BlockSize + (thread->Samples ? SampleRecords.Bytes : 0)));
        page->Extended = 0;
        page->Free = null;
        page->Left = 0;
        page->Reserve = 0;
        page->Posted = 0;
        page->Place = PagePlace.None;
        page->Slices = (uint)count;
        page->SlicesToHead = 0;
        page->Kind = thread->Samples ? PageKind.Sampled : PageKind.Small;
        for (nuint inside = 1; inside < count; inside++)
        {
            page[inside].SlicesToHead = (byte)inside;
            page[inside].Kind = PageKind.Inside;
        }

        _ = Atomic.Add(ref thread->Heap->PagesCreated[sizeClass], 1);

        // Last: a thread that reads an owner in the descriptor also reads the other fields.
        Atomic.Write(ref *(nuint*)&page->Owner, (nuint)thread);
        return page;
    }

    /// <summary>Removes all blocks from the list of a page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Block* TakeFreed(ThreadHeap* thread, Page* page)
    {
        if (thread->Restricted)
        {
            nuint free = (nuint)(page->Extended - page->Used), count = Limit(thread, page->Class, free);
            if (count < free)
            {
                return TakeSome(thread, page, count);
            }
        }

        Block* list = page->Free;
        page->Free = null;
        ThreadHeap.Listed(thread)[page->Class] += (nuint)(page->Extended - page->Used);
        page->SetUsed(page->Extended, thread->Observed ? 1 : page->Extended);
        return list;
    }

    /// <summary>Removes the first blocks from the list of a page, which has more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Block* TakeSome(ThreadHeap* thread, Page* page, nuint count)
    {
        // The blocks that the walk touches are those that the program allocates next.
        Block* list = page->Free, last = list;
        page->Free = null;
        for (nuint passed = 1; passed < count && last->Next != null; passed++)
        {
            last = last->Next;
        }

        page->Free = last->Next;
        last->Next = null;
        int used = page->Used + (int)count;
        ThreadHeap.Listed(thread)[page->Class] += count;
        page->SetUsed(used, thread->Observed ? 1 : used);
        return list;
    }

    /// <summary>Returns how many of the given number of blocks may enter the list: at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint Limit(ThreadHeap* thread, int sizeClass, nuint count)
    {
        // Most refills of a sampled thread.
        bool all = thread->RefillLimit == 0 && !thread->HasListLimits
            && BlockCountdowns.TryPass(thread, sizeClass, count);
        return all ? count : LimitSlow(thread, sizeClass, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint LimitSlow(ThreadHeap* thread, int sizeClass, nuint count)
    {
        nuint limit = (uint)thread->RefillLimit;
        count = limit != 0 && limit < count ? limit : count;
        limit = ListLimits.Of(thread, sizeClass);
        count = limit != 0 && limit < count ? limit : count;
        return thread->Chooses ? BlockCountdowns.Pass(thread, sizeClass, count) : count;
    }

    /// <summary>Extends a page: cuts blocks from its untouched part and returns them as a list.</summary>
    private static Block* Extend(ThreadHeap* thread, Page* page)
    {
        nuint size = page->BlockSize;
        nuint offset = page->Extended * size;
        nuint step = offset < LargeStep ? SmallStep : LargeStep;
        nuint count = (Layout.AlignUp(offset + 1, step) - offset) / size;
        nuint room = (nuint)(page->Capacity - page->Extended);
        count = count == 0 ? 1 : count > room ? room : count;
        if (thread->Restricted)
        {
            count = Limit(thread, page->Class, count);
        }

        byte* start = thread->Heap->Backend.RegionOf(page)->StartOf(page);
        if (thread->Samples)
        {
            SampleRecords.Clear(page, start, page->Extended, count);
        }

        byte* first = start + offset;
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
