namespace Quarry.Malloc;

/// <summary>The functions of arenas without extent hooks, in the form of hooks.</summary>
/// <remarks>
/// Programs copy them and replace some. As in jemalloc with its option <c>retain</c>, memory is not returned
/// before the arena is destroyed, because another function of the program may have provided it.
/// </remarks>
internal static unsafe class DefaultHooks
{
    internal static void* Allocate(
        void* hooks, void* at, nuint size, nuint alignment, bool* zero, bool* commit, uint arena)
    {
        // No caller asks for a particular address.
        void* start = at != null ? null : default(MmapPageSource).Reserve(size, alignment);
        if (start != null && !default(MmapPageSource).Commit(start, size))
        {
            default(MmapPageSource).Release(start, size);
            return null;
        }

        *zero = true;
        *commit = true;
        return start;
    }

    internal static bool Deallocate(void* hooks, void* start, nuint size, bool committed, uint arena) => true;

    internal static void Destroy(void* hooks, void* start, nuint size, bool committed, uint arena) =>
        default(MmapPageSource).Release(start, size);

    /// <summary>Succeeds, because all memory is committed from the beginning.</summary>
    internal static bool Commit(
        void* hooks, void* start, nuint size, nuint offset, nuint length, uint arena) => false;

    internal static bool Decommit(
        void* hooks, void* start, nuint size, nuint offset, nuint length, uint arena) => true;

    internal static bool Purge(
        void* hooks, void* start, nuint size, nuint offset, nuint length, uint arena) =>
        !default(MmapPageSource).Purge((byte*)start + offset, length);

    internal static bool Split(
        void* hooks, void* start, nuint size, nuint first, nuint second, bool committed, uint arena) => false;

    internal static bool Merge(
        void* hooks, void* first, nuint firstSize, void* second, nuint secondSize, bool committed,
        uint arena) => false;
}
