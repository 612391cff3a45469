namespace Quarry.Malloc;

/// <summary>The memory of an arena with extent hooks.</summary>
/// <remarks>
/// Memory is requested accessible and zeroed. Ranges that the arena reserved before the hooks were installed
/// do not grow any more, so that all further memory comes from the hooks.
/// </remarks>
internal static unsafe class HookedPages
{
    internal static void* Reserve(Arena* arena, nuint size, nuint alignment)
    {
        // The map of arenas has one entry for each 2 MiB.
        alignment = alignment < Region.Alignment ? Region.Alignment : alignment;
        if (!RetainedExtents.TryTake(arena, size, alignment, out Extent extent)
            && !TryAllocate(arena, size, alignment, out extent))
        {
            return null;
        }

        if (!ArenaMap.TryAdd(arena, extent.Start, size, fromHooks: true))
        {
            Return(arena, extent);
            return null;
        }

        if (!extent.IsZeroed)
        {
            Memory.Clear(extent.Start, size);
        }

        return extent.Start;
    }

    internal static bool TryCommit(Arena* arena, void* start, nuint size)
    {
        // Tables of the heap that are not in a region were reserved by the heap itself, and may grow.
        return ArenaMap.IsFromHooks(start)
            || (arena->Heap != null && arena->Heap->Backend.RegionOf(start) == null
                && default(MmapPageSource).Commit(start, size));
    }

    /// <summary>Returns physical memory of a part of a range that stays accessible.</summary>
    internal static bool TryPurge(Arena* arena, void* start, nuint size)
    {
        ExtentHooks* hooks = arena->Hooks;
        Extent extent = new() { Start = (byte*)start, Size = size, IsCommitted = true };
        if (ExtentHooks.TryPurge(hooks, extent, arena->Index))
        {
            return true;
        }

        _ = ExtentHooks.TryPurgeLazily(hooks, extent, arena->Index);
        return false;
    }

    /// <summary>Returns a range that was removed from the map.</summary>
    internal static void Release(Arena* arena, void* start, nuint size) =>
        Return(arena, new Extent { Start = (byte*)start, Size = size, IsCommitted = true });

    /// <summary>Passes the extents that an arena retains to its hooks, before it is destroyed.</summary>
    internal static void DestroyRetained(Arena* arena)
    {
        while (arena->HasHooks && RetainedExtents.TryTakeAny(arena, out Extent extent))
        {
            ExtentHooks.Destroy(arena->Hooks, extent, arena->Index);
        }

        arena->Retained.Clear();
    }

    private static bool TryAllocate(Arena* arena, nuint size, nuint alignment, out Extent extent)
    {
        ExtentHooks* hooks = arena->Hooks;
        bool zero = true, commit = true;
        byte* start = (byte*)ExtentHooks.Allocate(hooks, size, alignment, &zero, &commit, arena->Index);
        extent = new Extent { Start = start, Size = size, IsCommitted = commit, IsZeroed = zero };
        if (start == null)
        {
            return false;
        }

        if ((nuint)start % alignment != 0
            || (!commit && !ExtentHooks.TryCommit(hooks, extent, arena->Index)))
        {
            _ = ExtentHooks.TryDeallocate(hooks, extent, arena->Index);
            return false;
        }

        extent.IsCommitted = true;
        return true;
    }

    /// <remarks>
    /// The order is jemalloc's: what the hooks do not take back is decommitted or purged, and retained for
    /// later requests; what an arena has left when it is destroyed is destroyed.
    /// </remarks>
    private static void Return(Arena* arena, Extent extent)
    {
        ExtentHooks* hooks = arena->Hooks;
        if (ExtentHooks.TryDeallocate(hooks, extent, arena->Index))
        {
            return;
        }

        if (arena->Heap == null)
        {
            ExtentHooks.Destroy(hooks, extent, arena->Index);
            return;
        }

        if (ExtentHooks.TryDecommit(hooks, extent, arena->Index))
        {
            extent.IsCommitted = false;
        }
        else if (ExtentHooks.TryPurge(hooks, extent, arena->Index))
        {
            extent.IsZeroed = true;
        }
        else
        {
            _ = ExtentHooks.TryPurgeLazily(hooks, extent, arena->Index);
        }

        RetainedExtents.Add(arena, extent);
    }
}
