using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Quarry;

/// <summary>Taking blocks.</summary>
internal unsafe partial struct ThreadHeap
{
    // A list is refilled from untouched memory by one page of the system at a time while the page is young,
    // by more when it has proved to be needed: memory is touched only as it is used.
    private const nuint SmallCarve = 4096, LargeCarve = 16384;

    /// <summary>
    /// Takes a block of at least <paramref name="size"/> bytes, aligned to 16; null if there is no memory.
    /// </summary>
    /// <remarks>
    /// The shape is the compiler's as much as ours: a clamp instead of a comparison with a jump, the rare
    /// case first, no address of a field. One more branch and it sets up a stack frame. The golden test
    /// counts the instructions.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* Allocate(nuint size, ThreadHeap* thread, nuint alignment = Block.MinSize)
    {
        // All that is too large goes to the list that is always empty.
        nuint index = SizeClass.TableLength - 1;
        if (size < SizeClass.TableLength - 1)
        {
            index = size;
        }

        nuint sizeClass = *((byte*)thread + ClassTableOffset + index);
        Block* block = ((Block**)thread)[sizeClass];
        if (block == null)
        {
            return AllocateSlow(size, thread, alignment);
        }

        Block* next = block->Next;
        ((Block**)thread)[sizeClass] = next;
        if (Sse.IsSupported)
        {
            // The next block of the class was not touched since it was freed; the miss is over by the time
            // it is taken.
            Sse.Prefetch0(next);
        }

        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateSlow(nuint size, ThreadHeap* thread, nuint alignment)
    {
        thread = ProcessHeap.Ensure(thread);
        if (thread == null)
        {
            return null;
        }

        if (size > SizeClass.MaxSize)
        {
            return AllocateLarge(size, alignment, zero: false, thread);
        }

        int sizeClass = SizeClass.Of(size);
        do
        {
            // Again and again, as the hook may have freed blocks, and may itself have taken some.
            Block* block = FreeLists(thread)[sizeClass];
            block = block != null ? block : Refill(thread, sizeClass);
            if (block != null)
            {
                FreeLists(thread)[sizeClass] = block->Next;
                return block;
            }
        }
        while (thread->Heap->Exhausted(size, alignment));

        return null;
    }

    /// <summary>Takes a block of zeros whose address is a multiple of <paramref name="alignment"/>.</summary>
    internal static void* AllocateZeroed(nuint size, nuint alignment, ThreadHeap* thread)
    {
        nuint rounded = RoundUp(size, alignment);
        if (rounded > SizeClass.MaxSize)
        {
            return AllocateLarge(size, alignment, zero: true, thread);
        }

        void* block = Allocate(rounded, thread, alignment);
        if (block != null)
        {
            Memory.Clear(block, size);
        }

        return block;
    }

    /// <summary>
    /// Takes a block whose address is a multiple of <paramref name="alignment"/>, a power of two.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* AllocateAligned(nuint size, nuint alignment, ThreadHeap* thread)
    {
        nuint rounded = RoundUp(size, alignment);
        return rounded > SizeClass.MaxSize
            ? AllocateLarge(size, alignment, zero: false, thread)
            : Allocate(rounded, thread, alignment);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateLarge(nuint size, nuint alignment, bool zero, ThreadHeap* thread)
    {
        thread = ProcessHeap.Ensure(thread);
        return thread == null ? null : LargeBlocks.Allocate(thread->Heap, size, alignment, zero);
    }

    /// <summary>
    /// The size that makes a class serve an alignment as well; the largest number if there is none.
    /// </summary>
    /// <remarks>
    /// A size that is a multiple of the alignment falls into a class that is one, and pages begin at
    /// slices.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint RoundUp(nuint size, nuint alignment)
    {
        nuint atLeastOne = size == 0 ? 1 : size;
        nuint rounded = Layout.AlignUp(atLeastOne, alignment);
        return rounded < size ? nuint.MaxValue : rounded;
    }

    /// <summary>
    /// Finds free blocks of a class; returns them as a list that is not yet the thread's, or null.
    /// </summary>
    private static Block* Refill(ThreadHeap* thread, int sizeClass)
    {
        if (thread->Inbox != 0)
        {
            Receive(thread);
        }

        Page* page = Current(thread)[sizeClass];
        for (; ; )
        {
            if (page != null)
            {
                if (page->Free != null)
                {
                    return TakeFreed(thread, page);
                }

                if (page->Carved < page->Capacity)
                {
                    return Carve(thread, page);
                }

                SetFull(page);
            }

            page = FindPage(thread, sizeClass);
            page = page != null ? page : RescuePage(thread, sizeClass);
            Current(thread)[sizeClass] = page;
            if (page == null)
            {
                return null;
            }
        }
    }

    private static Block* TakeFreed(ThreadHeap* thread, Page* page)
    {
        Block* list = page->Free;
        page->Free = null;
        Taken(thread)[page->Class] += (nuint)(page->Carved - page->Used);
        page->SetUsed(page->Carved, page->Carved);
        return list;
    }

    private static Block* Carve(ThreadHeap* thread, Page* page)
    {
        nuint size = page->BlockSize;
        nuint offset = page->Carved * size;
        nuint step = offset < LargeCarve ? SmallCarve : LargeCarve;
        nuint count = (Layout.AlignUp(offset + 1, step) - offset) / size;
        nuint room = (nuint)(page->Capacity - page->Carved);
        count = count == 0 ? 1 : count > room ? room : count;

        byte* first = StartOf(thread, page) + offset;
        byte* last = first + ((count - 1) * size);
        for (byte* block = first; block < last; block += size)
        {
            ((Block*)block)->Next = (Block*)(block + size);
        }

        ((Block*)last)->Next = null;
        int used = page->Used + (int)count;
        page->Carved += (ushort)count;
        page->SetUsed(used, used);
        Taken(thread)[page->Class] += count;
        return (Block*)first;
    }

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
