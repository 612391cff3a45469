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

    private fixed ulong _first[ThreadHeap.MaxClasses];
    private fixed ushort _count[ThreadHeap.MaxClasses];

    /// <summary>Removes a block of a heap; null if there is none.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="usable">The usable size of the block.</param>
    /// <param name="heap">The heap to which the block must belong.</param>
    internal static void* TryTake(ExplicitCache* cache, nuint usable, HeapState* heap)
    {
        int sizeClass = SmallSizes<Geometry>.ClassOf(usable);
        Block* block = (Block*)cache->_first[sizeClass];
        HeapState* found = heap;
        if (block == null || Frontend.UsableAnywhere(ref found, block) == 0 || found != heap)
        {
            return null;
        }

        cache->_first[sizeClass] = (nuint)block->Next;
        cache->_count[sizeClass]--;
        return block;
    }

    /// <summary>Adds a block; returns false if blocks of its kind are not cached.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="heap">The heap of the block.</param>
    /// <param name="block">The block.</param>
    internal static bool TryPut(ExplicitCache* cache, HeapState* heap, Block* block)
    {
        Page* page = heap->Backend.Find(block, out _);
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

        nuint most = MostBytes / page->BlockSize;
        most = most < LeastCount ? LeastCount : most > MostCount ? MostCount : most;
        if (cache->_count[sizeClass] >= most)
        {
            Flush(cache, sizeClass, (int)most / 2);
        }

        block->Next = (Block*)cache->_first[sizeClass];
        cache->_first[sizeClass] = (nuint)block;
        cache->_count[sizeClass]++;
        return true;
    }

    /// <summary>Frees all blocks.</summary>
    internal static void Flush(ExplicitCache* cache)
    {
        for (int sizeClass = 0; sizeClass < SmallSizes<Geometry>.Count; sizeClass++)
        {
            Flush(cache, sizeClass, 0);
        }
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
