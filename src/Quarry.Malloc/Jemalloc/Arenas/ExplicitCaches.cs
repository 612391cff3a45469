namespace Quarry.Malloc;

/// <summary>jemalloc's explicit thread caches, by their IDs.</summary>
/// <remarks>
/// The IDs are checked as in jemalloc, whose users rely on the message.
/// </remarks>
internal static unsafe class ExplicitCaches
{
    // The flags have 12 bits for the ID plus 2.
    private const int MaxCount = 4094;
    private const ushort Live = ushort.MaxValue;

    private static YieldingLock s_lock;
    private static Table s_table;

    // The blocks of all caches, by ID; mapped when the first cache is created.
    private static nuint s_caches;

    // The number of IDs ever created, and the one that was destroyed last plus 1.
    private static int s_created, s_firstFree;

    /// <summary>Creates a cache; false if there are too many.</summary>
    internal static bool TryCreate(out int id)
    {
        s_lock.Enter();
        id = s_firstFree - 1;
        id = id >= 0 ? id : s_created < MaxCount ? s_created : -1;
        bool created = id >= 0 && TryMap();
        if (created)
        {
            s_firstFree = id < s_created ? s_table.Entries[id] : s_firstFree;
            s_created = id < s_created ? s_created : id + 1;
            s_table.Entries[id] = Live;
        }

        s_lock.Exit();
        return created;
    }

    /// <summary>
    /// Removes a block of a heap from a cache; null if there is none. It counts as allocated by the thread.
    /// </summary>
    /// <param name="id">The ID of a cache that exists.</param>
    /// <param name="usable">The usable size of the block.</param>
    /// <param name="heap">The heap to which the block must belong.</param>
    /// <param name="own">The thread heap of the calling thread.</param>
    internal static void* TryTake(int id, nuint usable, HeapState* heap, ThreadHeap* own)
    {
        void* block = usable > SmallSizes<Geometry>.MaxSize
            ? null
            : ExplicitCache.TryTake(At(id), usable, heap);
        if (block != null)
        {
            ArenaThreads.CountAllocated(own, usable);
        }

        return block;
    }

    /// <summary>Adds a block to a cache; returns false if the caller has to free it.</summary>
    internal static bool TryPut(int id, void* block)
    {
        ThreadHeap* own = Exists(id) ? ProcessHeap.Ensure(ThreadWord.ProcessHeap) : null;
        HeapState* heap = own == null ? null : own->Heap;
        nuint usable = heap == null ? 0 : Frontend.UsableAnywhere(ref heap, block);
        bool cached = usable != 0 && ExplicitCache.TryPut(At(id), heap, (Block*)block);
        if (cached)
        {
            ArenaThreads.CountFreed(own, usable);
        }

        return cached;
    }

    /// <summary>Frees the blocks of a cache; false if it never existed.</summary>
    internal static bool TryFlush(int id)
    {
        bool exists = Exists(id);
        if (exists)
        {
            ExplicitCache.Flush(At(id));
        }

        return exists;
    }

    /// <summary>
    /// Determines whether a cache exists; ends the process if it was destroyed, because the program then uses
    /// an ID that may soon be another cache's.
    /// </summary>
    internal static bool Exists(int id)
    {
        if (id < 0 || id >= s_created)
        {
            return false;
        }

        if (s_table.Entries[id] != Live)
        {
            Abort(id);
        }

        return true;
    }

    /// <summary>Destroys a cache; false if it never existed.</summary>
    internal static bool TryDestroy(int id)
    {
        // Without the lock: freeing may call extent hooks. Only one thread may use a cache at a time.
        _ = TryFlush(id);
        s_lock.Enter();
        bool exists = Exists(id);
        if (exists)
        {
            s_table.Entries[id] = (ushort)s_firstFree;
            s_firstFree = id + 1;
        }

        s_lock.Exit();
        return exists;
    }

    /// <summary>Makes the IDs usable in the child of a fork, whose parent may have been creating one.
    /// </summary>
    internal static void StartInChild() => s_lock = default;

    private static ExplicitCache* At(int id) => (ExplicitCache*)s_caches + id;

    private static bool TryMap()
    {
        s_caches = s_caches != 0 ? s_caches : (nuint)Os.Map(MaxCount * (nuint)sizeof(ExplicitCache));
        return s_caches != 0;
    }

    private static void Abort(int id)
    {
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("<jemalloc>: invalid tcache id ("u8);
        text.Append((nuint)id);
        text.Append(").\n"u8);
        StandardError.Write(ref text);
        ProcessAbort.Raise();
    }

    /// <summary>
    /// For each ID, <see cref="Live"/>, or the next free ID plus 1; 0 ends the list.
    /// </summary>
    private struct Table
    {
        public fixed ushort Entries[MaxCount];
    }
}
