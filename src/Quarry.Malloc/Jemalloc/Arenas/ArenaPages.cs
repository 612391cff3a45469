namespace Quarry.Malloc;

/// <summary>The page source of an arena: <c>mmap</c>, with each range entered into the map of arenas.</summary>
/// <remarks>
/// A range is in the map before the first block of it is allocated, and is removed before it is released,
/// because another arena may reserve the addresses from then on.
/// </remarks>
internal static unsafe class ArenaPages
{
    /// <summary>Returns the page source of an arena, whose record must not move.</summary>
    internal static PageSource Of(Arena* arena) => new()
    {
        State = arena,
        ReservesAddressSpace = true,
        Reserve = &Reserve,
        Commit = &Commit,
        Purge = &Purge,
        Release = &Release,
        TryResize = &TryResize,
        TryMove = &TryMove,
    };

    private static void* Reserve(void* arena, nuint size, nuint alignment)
    {
        void* start = default(MmapPageSource).Reserve(size, alignment);

        // Ranges with a smaller alignment hold no blocks.
        if (start != null && alignment >= Region.Alignment && !ArenaMap.TryAdd((Arena*)arena, start, size))
        {
            default(MmapPageSource).Release(start, size);
            return null;
        }

        return start;
    }

    private static bool Commit(void* arena, void* start, nuint size) =>
        default(MmapPageSource).Commit(start, size);

    private static bool Purge(void* arena, void* start, nuint size) =>
        default(MmapPageSource).Purge(start, size);

    private static void Release(void* arena, void* start, nuint size)
    {
        ArenaMap.Remove(start, size);
        default(MmapPageSource).Release(start, size);
    }

    private static bool TryResize(void* arena, void* start, nuint oldSize, nuint newSize)
    {
        if (newSize < oldSize)
        {
            ArenaMap.Remove((byte*)start + newSize, oldSize - newSize);
        }

        bool resized = default(MmapPageSource).TryResize(start, oldSize, newSize);

        // Huge blocks are found by their first byte, so a part that cannot be entered is harmless.
        _ = ArenaMap.TryAdd((Arena*)arena, start, resized ? newSize : oldSize);
        return resized;
    }

    private static bool TryMove(void* arena, void* from, nuint oldSize, void* to, nuint newSize)
    {
        ArenaMap.Remove(from, oldSize);
        bool moved = default(MmapPageSource).TryMove(from, oldSize, to, newSize);
        return moved || !ArenaMap.TryAdd((Arena*)arena, from, oldSize) ? moved : false;
    }
}
