using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>The blocks in one of jemalloc's explicit thread caches: a list for each class.</summary>
/// <remarks>
/// Only one thread may use a cache at a time, as in jemalloc. Its blocks count as allocated. Blocks that an
/// observer or a sampler must see are not cached.
/// </remarks>
internal unsafe struct ExplicitCache
{
    // A list holds at least the first number of blocks, at most the second, and in between this many bytes.
    private const nuint LeastCount = 8, MostCount = 200, MostBytes = 64 * 1024;

    // The key of the arena of all blocks; 0 if there are none, and this number if there are several.
    private static nuint Several => nuint.MaxValue - 1;

    private nuint _key;

    // That arena; null if there is none.
    private Arena* _arena;

    /// <summary>Whether the ID is in use.</summary>
    public bool IsLive;

    private fixed ulong _first[ThreadHeap.MaxClasses];
    private fixed ushort _count[ThreadHeap.MaxClasses];
    private fixed ushort _most[ThreadHeap.MaxClasses];

    /// <summary>Makes an empty cache usable.</summary>
    internal void Start()
    {
        for (int sizeClass = 0; sizeClass < SmallSizes<Geometry>.Count; sizeClass++)
        {
            nuint most = MostBytes / SmallSizes<Geometry>.SizeOf(sizeClass);
            _most[sizeClass] = (ushort)(most < LeastCount ? LeastCount : most > MostCount ? MostCount : most);
        }
    }

    /// <summary>
    /// Removes a block for a size of at most <see cref="ThreadHeap.MaxTableSize"/> bytes; null in the cases
    /// that <see cref="TryTake"/> decides.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* TryPop(ExplicitCache* cache, AllocxFlags flags, nuint size, ThreadHeap* word)
    {
        Arena* arena = cache == null ? null : cache->_arena;
        if (arena == null || arena->Key != cache->_key || word->Heap == null || word->Counted
            || (flags.HasArena ? arena->Index != flags.Arena : arena->Heap != word->Heap))
        {
            return null;
        }

        nuint sizeClass = arena->Heap->ClassTable[size];
        Block* block = (Block*)cache->_first[sizeClass];
        if (block != null)
        {
            cache->_first[sizeClass] = (nuint)block->Next;
            cache->_count[sizeClass]--;
        }

        return block;
    }

    /// <summary>
    /// Adds a block of the arena of all others; returns false in the cases that <see cref="TryPut"/> decides.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryPush(ExplicitCache* cache, Block* block, ThreadHeap* word)
    {
        Arena* arena = cache == null ? null : cache->_arena;
        if (arena == null || arena->Key != cache->_key || word->Counted)
        {
            return false;
        }

        HeapState* heap = arena->Heap;
        Region* first = heap->Backend.First;
        nuint slice = (nuint)((byte*)block - first->Base) >> Region.Log2Slice;
        if (slice >= first->SliceCount || (heap->Watched | heap->SampleInterval) != 0)
        {
            return false;
        }

        Page* page = first->Pages + slice;
        nuint sizeClass = page->Class;
        if (page->Kind != PageKind.Small || (Block*)cache->_first[sizeClass] == block
            || cache->_count[sizeClass] >= cache->_most[sizeClass])
        {
            return false;
        }

        block->Next = (Block*)cache->_first[sizeClass];
        cache->_first[sizeClass] = (nuint)block;
        cache->_count[sizeClass]++;
        return true;
    }

    /// <summary>Removes a block of an arena, which counts as allocated; null if there is none.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="arena">The arena to which the block must belong.</param>
    /// <param name="size">The size requested, in bytes.</param>
    /// <param name="flags">The flags of the request.</param>
    /// <param name="own">The thread heap of the calling thread.</param>
    internal static void* TryTake(
        ExplicitCache* cache, Arena* arena, nuint size, AllocxFlags flags, ThreadHeap* own)
    {
        nuint usable = size;
        if (flags.Alignment > 1 || size > ThreadHeap.MaxTableSize)
        {
            usable = Frontend.UsableSizeFor(size, flags.Alignment);
            if (usable == 0 || usable > SmallSizes<Geometry>.MaxSize)
            {
                return null;
            }
        }

        int sizeClass = usable <= ThreadHeap.MaxTableSize
            ? own->Heap->ClassTable[usable]
            : SmallSizes<Geometry>.ClassOf(usable);
        Block* block = (Block*)cache->_first[sizeClass];
        if (block == null || (cache->_key != arena->Key && !IsIn(arena, block)))
        {
            return null;
        }

        cache->_first[sizeClass] = (nuint)block->Next;
        cache->_count[sizeClass]--;
        if (own->Counted)
        {
            ThreadLifetime.CountAllocated(own, SmallSizes<Geometry>.SizeOf(sizeClass));
        }

        if (flags.Zeroes)
        {
            Memory.Clear(block, SmallSizes<Geometry>.SizeOf(sizeClass));
        }

        return block;
    }

    /// <summary>Adds a block; returns false if blocks of its kind are not cached.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="arena">The arena in which the block probably is; null if it is not known.</param>
    /// <param name="block">The block.</param>
    /// <param name="own">The thread heap of the calling thread.</param>
    internal static bool TryPut(ExplicitCache* cache, Arena* arena, Block* block, ThreadHeap* own)
    {
        HeapState* heap = arena == null ? own->Heap : arena->Heap;
        Page* page = heap->Backend.Find(block, out _);
        if (page == null)
        {
            heap = ProcessHeap.Find(block);
            page = heap->Backend.Find(block, out _);
        }

        if (page == null || page->Kind != PageKind.Small
            || heap->Observer != null || heap->SampleInterval != 0)
        {
            return false;
        }

        int sizeClass = page->Class;
        if ((Block*)cache->_first[sizeClass] == block)
        {
            HeapState.ReportDoubleFree(heap, block);
            return true;
        }

        if (cache->_count[sizeClass] >= cache->_most[sizeClass])
        {
            Flush(cache, sizeClass, cache->_most[sizeClass] / 2);
        }

        Arena* of = Arena.Of(heap);
        bool single = cache->_key == of->Key || cache->_key == 0;
        cache->_key = single ? of->Key : Several;
        cache->_arena = single ? of : null;
        block->Next = (Block*)cache->_first[sizeClass];
        cache->_first[sizeClass] = (nuint)block;
        cache->_count[sizeClass]++;
        ArenaThreads.CountFreed(own, page->BlockSize);
        return true;
    }

    /// <summary>Frees all blocks.</summary>
    internal static void Flush(ExplicitCache* cache)
    {
        for (int sizeClass = 0; sizeClass < SmallSizes<Geometry>.Count; sizeClass++)
        {
            Flush(cache, sizeClass, 0);
        }

        cache->_key = 0;
        cache->_arena = null;
    }

    private static bool IsIn(Arena* arena, Block* block)
    {
        Page* page = arena->Heap->Backend.Find(block, out _);
        return page != null && page->IsSmall;
    }

    private static void Flush(ExplicitCache* cache, int sizeClass, int keep)
    {
        while (cache->_count[sizeClass] > keep)
        {
            Block* block = (Block*)cache->_first[sizeClass];
            cache->_first[sizeClass] = (nuint)block->Next;
            cache->_count[sizeClass]--;
            ArenaThreads.FreeUncounted(block);
        }
    }
}
