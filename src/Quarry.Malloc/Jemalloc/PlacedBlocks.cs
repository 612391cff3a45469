using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>Blocks for which the program names an arena or an explicit cache.</summary>
/// <remarks>
/// The fast paths serve the arena of which the thread is a guest, and the blocks of a cache, without a call.
/// </remarks>
internal static unsafe class PlacedBlocks
{
    /// <summary>Allocates a block; null if out of memory, or if the arena or the cache does not exist.
    /// </summary>
    /// <param name="size">The number of bytes.</param>
    /// <param name="flags">The flags.</param>
    /// <param name="word">The thread word.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* Allocate(nuint size, AllocxFlags flags, ThreadHeap* word)
    {
        if (flags.IsPlain && size <= ThreadHeap.MaxTableSize)
        {
            if (flags.HasCache)
            {
                void* block = ExplicitCache.TryPop(ExplicitCaches.TryFind(flags.Cache), flags, size, word);
                if (block != null)
                {
                    return block;
                }
            }
            else
            {
                ThreadHeap* guest = ArenaGuests.TryFind(word, flags.Arena);
                if (guest != null)
                {
                    return Frontend.Allocate(size, guest);
                }
            }
        }

        return AllocateSlow(size, flags, word);
    }

    /// <summary>Frees a block into an explicit cache, or in the arena to which it belongs.</summary>
    /// <param name="block">The block.</param>
    /// <param name="flags">The flags; the arena is a hint.</param>
    /// <param name="word">The thread word.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Free(void* block, AllocxFlags flags, ThreadHeap* word)
    {
        if (flags.HasCache)
        {
            if (!ExplicitCache.TryPush(ExplicitCaches.TryFind(flags.Cache), (Block*)block, word))
            {
                FreeSlow(block, flags, word);
            }

            return;
        }

        ThreadHeap* guest = ArenaGuests.TryFind(word, flags.Arena);
        Frontend.Free(block, guest != null ? guest : word);
    }

    /// <summary>
    /// Allocates a block from an explicit cache, or from an arena; null if either does not exist.
    /// </summary>
    /// <remarks>
    /// jemalloc would serve the request from another arena, or crash for a cache that was never created.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateSlow(nuint size, AllocxFlags flags, ThreadHeap* own)
    {
        // In a signal handler the word has no heap.
        ThreadHeap* word = own;
        own = ProcessHeap.Ensure(own);
        Arena* arena = own == null ? null
            : flags.HasArena ? Arenas.Ensure(flags.Arena)
            : Arena.Of(own->Heap);
        ExplicitCache* cache = flags.HasCache ? ExplicitCaches.Find(flags.Cache) : null;
        if (arena == null || (flags.HasCache && cache == null))
        {
            return null;
        }

        void* block = cache == null ? null : ExplicitCache.TryTake(cache, arena, size, flags, own);
        if (block != null)
        {
            return block;
        }

        ThreadHeap* thread = word->Heap == null ? null : ArenaThreads.FindUsable(own, arena);
        thread = thread != null ? thread : ArenaThreads.Enter(own, arena);
        if (thread == null)
        {
            return null;
        }

        block = flags.HasArena
            ? AllocateIn(arena->Heap, size, flags, thread)
            : AllocxFunctions.Allocate(size, flags, thread);
        if (thread->IsShared)
        {
            ArenaThreads.Leave(thread);
            ArenaThreads.CountAllocated(
                own, block == null ? 0 : Frontend.UsableSizeFor(size, flags.Alignment));
        }

        return block;
    }

    /// <summary>Allocates a block from an arena that the caller names, whatever the size.</summary>
    private static void* AllocateIn(HeapState* heap, nuint size, AllocxFlags flags, ThreadHeap* thread)
    {
        if (size < heap->OversizeFrom || size <= SmallSizes<Geometry>.MaxSize)
        {
            return AllocxFunctions.Allocate(size, flags, thread);
        }

        void* block = Frontend.AllocateLargeIn(heap, size, flags.Alignment, flags.Zeroes, thread);
        if (block != null && flags.Zeroes)
        {
            AllocxFunctions.ClearAfter(block, size, Frontend.UsableSizeFor(size, flags.Alignment));
        }

        return block;
    }

    /// <summary>Frees a block into an explicit cache, or in the arena to which it belongs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FreeSlow(void* block, AllocxFlags flags, ThreadHeap* word)
    {
        Arena* arena = flags.HasArena ? Arenas.Find(flags.Arena) : null;
        ExplicitCache* cache = flags.HasCache ? ExplicitCaches.Find(flags.Cache) : null;
        ThreadHeap* own = cache == null ? word : ProcessHeap.Ensure(word);
        if (cache != null && own != null && ExplicitCache.TryPut(cache, arena, (Block*)block, own))
        {
            return;
        }

        ThreadHeap* thread = arena == null || word->Heap == null
            ? null
            : ArenaThreads.FindUsable(word, arena);
        Frontend.Free(block, thread != null ? thread : word);
    }

    /// <summary>Resizes a block in place, or moves it to an arena or a block of a cache.</summary>
    internal static void* Reallocate(
        void* block, nuint usable, nuint size, AllocxFlags flags, ThreadHeap* own)
    {
        nuint target = Frontend.UsableSizeFor(size, flags.Alignment);
        bool aligned = ((nuint)block & (flags.Alignment - 1)) == 0;
        bool exists = (!flags.HasArena || Arenas.Ensure(flags.Arena) != null)
            && (!flags.HasCache || ExplicitCaches.Find(flags.Cache) != null);
        if (!exists || usable == 0)
        {
            return null;
        }

        if (aligned && usable == target)
        {
            return Frontend.ReallocateExact(block, size, flags.Alignment, own);
        }

        if (aligned && Frontend.ResizeInPlace(block, size, size, own) == target)
        {
            return block;
        }

        // In a signal handler, the word is not the thread heap that the handler has interrupted.
        ThreadHeap* word = ThreadWord.ProcessHeap;
        void* moved = Allocate(size, flags, word);
        if (moved != null)
        {
            Memory.Copy(block, moved, usable < size ? usable : size);
            Free(block, flags, word);
        }

        return moved;
    }
}
