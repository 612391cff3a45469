using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Frees blocks.</content>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    /// <summary>Frees a block. Null has no effect; a foreign pointer is reported.</summary>
    /// <remarks>
    /// One comparison selects the path. If the thread owns the page, the exclusive or is 0, which is less
    /// than the number of frees left unless an inspection is due. If another thread owns the page, or it is
    /// not a page of small blocks, the exclusive or is at least the alignment of thread heaps, which is
    /// larger than that number. Addresses outside the primary region lead to the descriptor after the last
    /// slice, which no thread owns.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Free(void* address, ThreadHeap* thread)
    {
        Page* page = PrimaryPage(address, thread);
        if (((nuint)page->Owner ^ (nuint)thread) >= page->Left)
        {
            FreeSlow(address, thread, page);
            return;
        }

        ((Block*)address)->Next = page->Free;
        page->Free = (Block*)address;
        page->Left = page->Left - 1;
    }

    /// <summary>
    /// Returns the descriptor of the slice of an address in the primary region; for other addresses, and
    /// without a thread heap, a descriptor that is no page of small blocks.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Page* PrimaryPage(void* address, ThreadHeap* thread)
    {
        nuint slice = (nuint)((byte*)address - thread->Base) >> Region.Log2Slice;
        if (slice > thread->SliceCount)
        {
            slice = thread->SliceCount;
        }

        return (Page*)((byte*)thread->Pages + (slice << Page.Log2Bytes));
    }

    // Most blocks of other threads lie in the primary region, so the descriptor that the fast path read saves
    // the look-up. The placeholder of a thread without a thread heap has no page of small blocks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FreeSlow(void* address, ThreadHeap* thread, Page* page)
    {
        if (page->Kind == PageKind.Small)
        {
            FreeSmall(thread->Heap, page, (Block*)address, thread);
        }
        else if (address != null)
        {
            FreeUncommon(address, thread, page);
        }
    }

    // Out of line, for the frame of the slow path of small blocks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FreeUncommon(void* address, ThreadHeap* thread, Page* page)
    {
        if (page->Kind == PageKind.Large)
        {
            // Of this heap: other ones have no slice in its primary region.
            HeapState* heap = thread->Heap;
            FreeLarge(heap, heap->Backend.RegionOf(address), page, address, thread);
            return;
        }

        FreeFound(address, null, thread);
    }

    // The request is null if the program passes none.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FreeFound(void* address, FreeRequest* request, ThreadHeap* thread)
    {
        if (thread->Heap == null)
        {
            thread = THost.AttachToFree(address);
            if (thread != null && TryFreeIsolated(thread->Heap, address, request, thread))
            {
                return;
            }
        }

        ThreadHeap* other = thread != null ? THost.ThreadFor(address, thread) : null;
        if (other != null)
        {
            Free(address, other);
            return;
        }

        HeapState* heap = thread != null ? thread->Heap : THost.Heap;
        if (heap != null)
        {
            Free(heap, address, thread);
        }
    }

    /// <summary>Frees a block, even if there is no memory for a thread heap.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="address">The block.</param>
    /// <param name="thread">The thread heap of the calling thread; null if it has none.</param>
    internal static void Free(HeapState* heap, void* address, ThreadHeap* thread)
    {
        Page* page = heap->Backend.Find(address, out Region* region);
        if (page == null || !page->IsSmall)
        {
            FreeLarge(heap, region, page, address, thread);
        }
        else if (page->Kind == PageKind.Sampled)
        {
            FreeSampled(heap, region, page, (Block*)address, thread);
        }
        else
        {
            FreeSmall(heap, page, (Block*)address, thread);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FreeLarge(
        HeapState* heap, Region* region, Page* page, void* address, ThreadHeap* thread)
    {
        nuint size = LargeBlocks.SizeOf(&heap->Backend, region, page, address);
        if (size != 0)
        {
            if (heap->Sampler != null)
            {
                Forget(heap, SampleRecords.OfLarge(&heap->Backend, page, address));
            }

            if (IsReported(heap, thread))
            {
                Returns(heap, address, size, thread);
                FillFreed(heap, address, size);
            }
        }
        else if (TryFreeGuarded(heap, address, thread)
            || TryFreeIsolated(heap, address, null, thread)
            || TryFreeElsewhere(heap, address, thread))
        {
            return;
        }

        if (!(size != 0 && TryKeep(heap, page, address, thread))
            && !LargeBlocks.TryFree(&heap->Backend, region, page, address))
        {
            heap->ReportForeign(address);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FreeSmall(HeapState* heap, Page* page, Block* block, ThreadHeap* thread)
    {
        if (heap->Watched != 0)
        {
            Returns(heap, block, page->BlockSize, thread);

            // The link of a block that is free already must stay.
            if (page->Free != block)
            {
                FillFreed(heap, block, page->BlockSize);
            }
        }

        byte frame;
        if (thread == null || !ThreadLifetime.TryEnter(thread, &frame))
        {
            PostAlone(heap, page, block, thread);
            return;
        }

        if (page->Owner != thread)
        {
            if ((nuint)block % Block.MinAlignment != 0)
            {
                // In a chain, it would become a block that overlaps others.
                heap->ReportForeign(block);
            }
            else
            {
                RemoteCache.Add(thread, page, block);
            }
        }
        else if (page->Free == block)
        {
            HeapState.ReportDoubleFree(thread->Heap, block);
        }
        else
        {
            block->Next = page->Free;
            page->Free = block;
            PageQueues.Returned(thread, page, 1);
        }

        ThreadLifetime.Leave(thread);
    }

    // A thread without a thread heap, or whose thread heap is busy further up the stack, posts the block as a
    // chain of one, and so does every thread that frees a sampled block. If the thread is the owner, it
    // drains its own queue later.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PostAlone(HeapState* heap, Page* page, Block* block, ThreadHeap* thread)
    {
        block->Next = null;
        RemoteQueue.Post(heap, (ThreadHeap*)page->Owner, block, thread == null ? 0 : thread->ThreadId);
    }

    // The block may be in another heap than that in which the thread's calls are counted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsReported(HeapState* heap, ThreadHeap* thread) =>
        heap->Watched != 0 || (thread != null && thread->Counted);

    /// <summary>
    /// Reports a block that returns to the heap on a slow path to the observer, and counts its bytes if the
    /// thread asked for that.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Returns(HeapState* heap, void* block, nuint size, ThreadHeap* thread)
    {
        HeapObserver* observer = (HeapObserver*)Atomic.Read(ref *(nuint*)&heap->Observer);
        if (observer != null)
        {
            observer->Freed(observer, block, size);
        }

        if (thread != null && thread->Counted)
        {
            ThreadHeap.HomeOf(thread)->FreedBytes += size;
        }
    }
}
