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
            return ProcessHeap.Unavailable();
        }

        if (size > SizeClass.MaxSize)
        {
            return AllocateLarge(size, alignment, zero: false, thread);
        }

        void* block;
        do
        {
            block = TryAllocateSmall(size, thread);
        }
        while (block == null && thread->Heap->Exhausted(size, alignment));

        return block;
    }

    /// <summary>
    /// Allocates a block of a size class without calling the exhaustion hook; null if there is no memory.
    /// </summary>
    private static void* TryAllocateSmall(nuint size, ThreadHeap* thread)
    {
        int sizeClass = SizeClass.Of(size);

        // The list is not always empty: the hook, called before, may have freed blocks.
        Block* block = FreeLists(thread)[sizeClass];
        if (block == null)
        {
            thread->Busy = 1;
            block = Refill(thread, sizeClass);
            thread->Busy = 0;
        }

        if (block != null)
        {
            FreeLists(thread)[sizeClass] = block->Next;
        }

        return block;
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
        if (alignment <= Block.MinSize)
        {
            return Allocate(size, thread);
        }

        nuint rounded = RoundUp(size, alignment);
        return rounded > SizeClass.MaxSize
            ? AllocateLarge(size, alignment, zero: false, thread)
            : Allocate(rounded, thread, alignment);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateLarge(nuint size, nuint alignment, bool zero, ThreadHeap* thread)
    {
        thread = ProcessHeap.Ensure(thread);
        return thread == null
            ? ProcessHeap.Unavailable()
            : LargeBlocks.Allocate(thread->Heap, size, alignment, zero);
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
}
