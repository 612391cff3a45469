using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Taking blocks.</summary>
internal unsafe partial struct ThreadHeap
{
    // A list is refilled from untouched memory by one page of the system at a time while the page is young, by more
    // when it has proved to be needed: memory is touched only as it is used.
    private const nuint SmallCarve = 4096, LargeCarve = 16384;

    /// <summary>Takes a block of at least <paramref name="size"/> bytes, aligned to 16; null if there is no memory.</summary>
    /// <remarks>
    /// The shape is the compiler's as much as ours: a clamp instead of a comparison with a jump, the rare case first, no
    /// address of a field. One more branch and it sets up a stack frame. The golden test counts the instructions.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* Allocate(nuint size, ThreadHeap* thread)
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
            return AllocateSlow(size, thread);
        }

        ((Block**)thread)[sizeClass] = block->Next;
        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateSlow(nuint size, ThreadHeap* thread)
    {
        thread = ProcessHeap.Ensure(thread);
        if (thread == null)
        {
            return null;
        }

        if (size > SizeClass.MaxSize)
        {
            return LargeBlocks.Allocate(thread->Heap, size, Region.SliceSize, zero: false);
        }

        int sizeClass = SizeClass.Of(size);
        Block* block = FreeLists(thread)[sizeClass];
        if (block == null)
        {
            block = Refill(thread, sizeClass, size);
            if (block == null)
            {
                return null;
            }
        }

        FreeLists(thread)[sizeClass] = block->Next;
        return block;
    }

    /// <summary>Takes a block of zeros.</summary>
    internal static void* AllocateZeroed(nuint size, ThreadHeap* thread)
    {
        if (size > SizeClass.MaxSize)
        {
            thread = ProcessHeap.Ensure(thread);
            return thread == null ? null : LargeBlocks.Allocate(thread->Heap, size, Region.SliceSize, zero: true);
        }

        void* block = Allocate(size, thread);
        if (block != null)
        {
            Memory.Clear(block, size);
        }

        return block;
    }

    /// <summary>Takes a block whose address is a multiple of <paramref name="alignment"/>, a power of two.</summary>
    internal static void* AllocateAligned(nuint size, nuint alignment, ThreadHeap* thread)
    {
        if (alignment <= Block.MinSize)
        {
            return Allocate(size, thread);
        }

        nuint rounded = Layout.AlignUp(size == 0 ? 1 : size, alignment);
        if (rounded < size)
        {
            rounded = nuint.MaxValue;
        }

        // A size that is a multiple of the alignment falls into a class that is one, and pages begin at slices.
        if (rounded <= SizeClass.MaxSize)
        {
            return Allocate(rounded, thread);
        }

        thread = ProcessHeap.Ensure(thread);
        alignment = alignment < Region.SliceSize ? Region.SliceSize : alignment;
        return thread == null ? null : LargeBlocks.Allocate(thread->Heap, size, alignment, zero: false);
    }

    /// <summary>Finds free blocks of a class; returns them as a list that is not yet the thread's, or null.</summary>
    private static Block* Refill(ThreadHeap* thread, int sizeClass, nuint size)
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
            Current(thread)[sizeClass] = page;
            if (page == null)
            {
                if (!thread->Heap->Exhausted(size, Block.MinSize))
                {
                    return null;
                }

                // The hook may have freed blocks, and so have made a page current again.
                page = Current(thread)[sizeClass];
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

    /// <summary>Leaves a page of which every block is out to itself, until enough of them have come back.</summary>
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
            page = thread->Heap->Orphans == 0 ? null : TakeFromOrphan(thread, sizeClass);
            if (page == null)
            {
                page = NewPage(thread, sizeClass);
            }
        }

        if (page != null)
        {
            page->Place = PagePlace.Current;
            page->SetUsed(page->Used, page->Used);
        }

        return page;
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

    private static byte* StartOf(ThreadHeap* thread, Page* page) => Region.Of(thread->Heap, page)->StartOf(page);

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
