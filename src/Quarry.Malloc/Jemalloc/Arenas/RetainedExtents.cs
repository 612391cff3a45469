namespace Quarry.Malloc;

/// <summary>The extents that an arena retains; see <see cref="RetainedExtent"/>.</summary>
/// <remarks>
/// The lock is not held while hooks run: an extent is removed from the list before. There are few extents, so
/// the lists are searched from their beginning.
/// </remarks>
internal unsafe struct RetainedExtents
{
    private SignalBlockingLock _lock;
    private RetainedExtent* _first;
    private RetainedExtent* _unused;

    /// <summary>Gets the statistics of the lock.</summary>
    internal readonly LockStatistics LockStatistics => _lock.Statistics;

    /// <summary>Makes the list usable in the child of a fork, whose parent may have been changing it.
    /// </summary>
    internal void StartInChild() => _lock = default;

    /// <summary>Adds an extent, merged with its neighbors if the hooks agree.</summary>
    internal static void Add(Arena* arena, Extent extent)
    {
        RetainedExtents* list = &arena->Retained;
        ExtentHooks* hooks = arena->Hooks;
        while (TryRemoveNeighbor(list, extent, out Extent neighbor))
        {
            bool isBefore = neighbor.Start < extent.Start;
            Extent first = isBefore ? neighbor : extent, second = isBefore ? extent : neighbor;
            if (!ExtentHooks.TryMerge(hooks, first, second, arena->Index))
            {
                Insert(arena, neighbor);
                break;
            }

            extent = new Extent
            {
                Start = first.Start,
                Size = first.Size + second.Size,
                IsCommitted = first.IsCommitted,
                IsZeroed = first.IsZeroed && second.IsZeroed,
            };
        }

        Insert(arena, extent);
    }

    /// <summary>Removes an extent of a size, or a part of a larger one if the hooks split it.</summary>
    /// <returns>False if there is none that is accessible or can be made so.</returns>
    internal static bool TryTake(Arena* arena, nuint size, nuint alignment, out Extent extent)
    {
        if (!TryRemoveFitting(&arena->Retained, size, alignment, out extent))
        {
            return false;
        }

        ExtentHooks* hooks = arena->Hooks;
        if (extent.Size > size)
        {
            if (!ExtentHooks.TrySplit(hooks, extent, size, arena->Index))
            {
                Insert(arena, extent);
                return false;
            }

            Extent rest = extent;
            rest.Start += size;
            rest.Size -= size;
            Insert(arena, rest);
            extent.Size = size;
        }

        if (!extent.IsCommitted && !ExtentHooks.TryCommit(hooks, extent, arena->Index))
        {
            Insert(arena, extent);
            return false;
        }

        extent.IsCommitted = true;
        return true;
    }

    /// <summary>Adds the extents to the statistics of unused memory.</summary>
    internal static void Count(Arena* arena, ExtentStatistics* steps)
    {
        arena->Retained._lock.Enter();
        for (RetainedExtent* node = arena->Retained._first; node != null; node = node->Next)
        {
            HeapExtents.Add(steps, node->Extent.Size, dirty: false);
        }

        arena->Retained._lock.Exit();
    }

    /// <summary>Removes any extent; false if there is none.</summary>
    internal static bool TryTakeAny(Arena* arena, out Extent extent) =>
        TryRemoveFitting(&arena->Retained, 0, 1, out extent);

    /// <summary>Sets the statistics of the lock to zero.</summary>
    internal void ResetStatistics() => _lock.ResetStatistics();

    /// <summary>Forgets the nodes, which are in the memory of the arena.</summary>
    internal void Clear()
    {
        _first = null;
        _unused = null;
    }

    private static void Insert(Arena* arena, in Extent extent)
    {
        RetainedExtents* list = &arena->Retained;
        list->_lock.Enter();
        RetainedExtent* node = list->_unused;
        list->_unused = node == null ? null : node->Next;
        list->_lock.Exit();
        if (node == null)
        {
            node = (RetainedExtent*)MetadataPool.Allocate(
                &arena->Heap->Backend.Metadata, (nuint)sizeof(RetainedExtent), MetadataPool.LineSize);
        }

        if (node == null)
        {
            // The extent is leaked until the program ends; there is no memory to remember it.
            return;
        }

        node->Extent = extent;
        list->_lock.Enter();
        node->Next = list->_first;
        list->_first = node;
        list->_lock.Exit();
    }

    private static bool TryRemoveNeighbor(RetainedExtents* list, in Extent extent, out Extent neighbor)
    {
        list->_lock.Enter();
        RetainedExtent** link = &list->_first;
        while (*link != null && !AreNeighbors((*link)->Extent, extent))
        {
            link = &(*link)->Next;
        }

        return Remove(list, link, out neighbor);
    }

    private static bool AreNeighbors(in Extent first, in Extent second) =>
        (first.End == second.Start || second.End == first.Start) && first.IsCommitted == second.IsCommitted;

    private static bool TryRemoveFitting(
        RetainedExtents* list, nuint size, nuint alignment, out Extent extent)
    {
        list->_lock.Enter();
        RetainedExtent** link = &list->_first;
        while (*link != null
            && ((*link)->Extent.Size < size || (nuint)(*link)->Extent.Start % alignment != 0))
        {
            link = &(*link)->Next;
        }

        return Remove(list, link, out extent);
    }

    private static bool Remove(RetainedExtents* list, RetainedExtent** link, out Extent extent)
    {
        RetainedExtent* node = *link;
        extent = default;
        if (node != null)
        {
            extent = node->Extent;
            *link = node->Next;
            node->Next = list->_unused;
            list->_unused = node;
        }

        list->_lock.Exit();
        return node != null;
    }
}
