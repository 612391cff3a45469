namespace Quarry.Malloc;

/// <content>Creates automatic arenas, when they are first used.</content>
internal static unsafe partial class Arenas
{
    private static HeapBudget s_budget;

    /// <summary>
    /// Returns an arena, which is created if it is an automatic one that was not used yet; null if there is
    /// none, or out of memory.
    /// </summary>
    internal static Arena* Ensure(nuint index)
    {
        Arena* arena = Find(index);
        return arena != null || index >= ArenaOptions.Total || index >= Count
            ? arena
            : StartAutomatic((uint)index);
    }

    /// <summary>Gets the limit of the automatic arenas together; null if there is only one.</summary>
    private static HeapBudget* Budget
    {
        get
        {
            fixed (HeapBudget* budget = &s_budget)
            {
                return ArenaOptions.Total == 1 || Count == 1 ? null : budget;
            }
        }
    }

    /// <summary>Replaces the limit of an automatic arena by that of all.</summary>
    private static void Share(HeapState* heap)
    {
        HeapBackend* backend = &heap->Backend;
        backend->Limit = 0;
        backend->Budget = Budget;
    }

    /// <remarks>
    /// Without the lock: the caller may be a signal handler that has interrupted a thread with the lock. Of
    /// several threads that create the arena at once, the heap of one remains.
    /// </remarks>
    private static Arena* StartAutomatic(uint index)
    {
        Arena* arena = Record(index);
        Prepare(arena, index);
        arena->Key = index + 1;
        HeapState* heap = CreateHeap(arena, Options.Reserve);
        if (heap == null)
        {
            return Find(index);
        }

        Share(heap);
        bool oversize = index == ArenaOptions.OversizeIndex;
        if (!oversize && ArenaOptions.OversizeThreshold != 0)
        {
            heap->OversizeFrom = ArenaOptions.OversizeThreshold;
        }
        else if (oversize && !BackgroundThread.IsRunning && heap->Backend.DecayMilliseconds > 0)
        {
            // As in jemalloc: oversize blocks are few, and are not expected to be used again soon.
            heap->Backend.DecayMilliseconds = 0;
        }

        Describe(arena);
        if (!Atomic.TryReplace(ref *(nuint*)&arena->Heap, 0, (nuint)heap))
        {
            HeapState.Destroy(heap);
            return arena;
        }

        // Again, because another thread may have started a profile before it could find this arena.
        ObserveOthers();
        return arena;
    }
}
