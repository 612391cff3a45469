namespace Quarry.Malloc;

/// <summary>The page source of an arena: <c>mmap</c>, or the program's extent hooks.</summary>
/// <remarks>
/// Each range of an arena other than the first is entered into the map of arenas. A range is in the map
/// before the first block of it is allocated, and is removed before it is released, because another arena
/// may reserve the addresses from then on.
/// </remarks>
internal static unsafe class ArenaPages
{
    /// <summary>Returns the page source of an arena, whose record must not move.</summary>
    internal static PageSource Of(Arena* arena) => new()
    {
        State = arena,
        ReservesAddressSpace = !arena->HasHooks,
        Reserve = &Reserve,
        Commit = &Commit,
        Purge = &Purge,
        Release = &Release,
        TryResize = arena->HasHooks ? null : &TryResize,
        TryMove = arena->HasHooks ? null : &TryMove,
    };

    private static void* Reserve(void* state, nuint size, nuint alignment)
    {
        Arena* arena = (Arena*)state;
        if (arena->HasHooks && !IsNested(arena))
        {
            return HookedPages.Reserve(arena, size, alignment);
        }

        void* start = default(MmapPageSource).Reserve(size, alignment);

        // Ranges with a smaller alignment hold no blocks.
        if (start != null && alignment >= Region.Alignment && !TryAdd(arena, start, size))
        {
            default(MmapPageSource).Release(start, size);
            return null;
        }

        return start;
    }

    private static bool Commit(void* state, void* start, nuint size)
    {
        Arena* arena = (Arena*)state;
        return arena->HasHooks && !IsNested(arena)
            ? HookedPages.TryCommit(arena, start, size)
            : default(MmapPageSource).Commit(start, size);
    }

    private static bool Purge(void* state, void* start, nuint size)
    {
        Arena* arena = (Arena*)state;
        return arena->HasHooks
            ? HookedPages.TryPurge(arena, start, size)
            : default(MmapPageSource).Purge(start, size);
    }

    private static void Release(void* state, void* start, nuint size)
    {
        Arena* arena = (Arena*)state;
        Remove(arena, start, size);
        if (arena->HasHooks)
        {
            HookedPages.Release(arena, start, size);
        }
        else
        {
            default(MmapPageSource).Release(start, size);
        }
    }

    private static bool TryResize(void* state, void* start, nuint oldSize, nuint newSize)
    {
        Arena* arena = (Arena*)state;
        if (arena->HasHooks)
        {
            return false;
        }

        if (newSize < oldSize)
        {
            Remove(arena, (byte*)start + newSize, oldSize - newSize);
        }

        bool resized = default(MmapPageSource).TryResize(start, oldSize, newSize);

        // Huge blocks are found by their first byte, so a part that cannot be entered is harmless.
        _ = TryAdd(arena, start, resized ? newSize : oldSize);
        return resized;
    }

    private static bool TryMove(void* state, void* from, nuint oldSize, void* to, nuint newSize)
    {
        Arena* arena = (Arena*)state;
        if (arena->HasHooks)
        {
            return false;
        }

        Remove(arena, from, oldSize);
        bool moved = default(MmapPageSource).TryMove(from, oldSize, to, newSize);
        if (!moved)
        {
            _ = TryAdd(arena, from, oldSize);
        }

        return moved;
    }

    private static void Remove(Arena* arena, void* start, nuint size)
    {
        if (arena->Index != 0 || arena->HasHooks)
        {
            ArenaMap.Remove(start, size);
        }
    }

    // An address in no arena is one of the first.
    private static bool TryAdd(Arena* arena, void* start, nuint size) =>
        arena->Index == 0 || ArenaMap.TryAdd(arena, start, size);

    /// <summary>
    /// Determines whether a hook of the first arena has called <c>malloc</c>, which must not call it again.
    /// </summary>
    private static bool IsNested(Arena* arena)
    {
        ThreadHeap* home = ThreadHeap.HomeOf(ThreadWord.Own);
        return arena->Index == 0 && home->InSource;
    }
}
