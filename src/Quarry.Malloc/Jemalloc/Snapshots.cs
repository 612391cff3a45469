namespace Quarry.Malloc;

/// <summary>The statistics of all arenas, as they were when the epoch was written last.</summary>
internal static unsafe class Snapshots
{
    private static YieldingLock s_lock;
    private static Snapshot* s_merged, s_destroyed;
    private static nuint s_epoch;

    /// <summary>Gets the number of refreshes.</summary>
    /// <remarks>An acquire: the statistics are read behind it. Pairs with the release in Refresh.</remarks>
    internal static nuint Epoch => Atomic.Read(ref s_epoch);

    /// <summary>Gets a value that indicates whether an arena was destroyed.</summary>
    internal static bool HasDestroyed => s_destroyed != null;

    /// <summary>
    /// Returns the sum of all arenas; the first call computes it. Null if there is no memory for it.
    /// </summary>
    internal static Snapshot* Merged() => Epoch != 0 || Refresh() ? s_merged : null;

    /// <summary>
    /// Returns the statistics of an arena, of all, or of the destroyed ones; null if there are none.
    /// </summary>
    internal static Snapshot* Of(nuint index)
    {
        if (Merged() == null || Arenas.IsAll(index) || index == Arenas.Destroyed)
        {
            return index == Arenas.Destroyed ? s_destroyed : s_merged;
        }

        Arena* arena = Arenas.Find(index);
        if (arena != null && Atomic.Read(ref *(nuint*)&arena->Statistics) == 0)
        {
            // Created after the epoch.
            Enter();
            arena = Arenas.Find(index);
            _ = arena != null && TryTake(arena);
            Exit();
        }

        return arena == null ? null : arena->Statistics;
    }

    /// <summary>Computes the statistics anew, and increments the epoch.</summary>
    /// <returns>False if there is no memory for them.</returns>
    internal static bool Refresh()
    {
        ProcessStatistics.Settle();
        Enter();
        return RefreshAndExit();
    }

    /// <summary>
    /// Refreshes the statistics inside a slow path of the heap, without what the thread has not settled;
    /// false also if the locks are not free, because the caller itself may hold them.
    /// </summary>
    internal static bool TryRefresh()
    {
        if (!Arenas.TryLock())
        {
            return false;
        }

        if (s_lock.TryEnter())
        {
            return RefreshAndExit();
        }

        Arenas.Unlock();
        return false;
    }

    private static bool RefreshAndExit()
    {
        bool mapped = TryMap(ref s_merged);
        if (mapped)
        {
            Memory.Clear(s_merged, Snapshot.Size);
            ProcessMutexes.Take();
            nuint index = 0;
            while (Arenas.TryNext(ref index, out Arena* arena))
            {
                if (TryTake(arena))
                {
                    Snapshot.Add(s_merged, arena->Statistics);
                }
            }

            if (s_destroyed != null)
            {
                Snapshot.Add(s_merged, s_destroyed);
            }

            // Last. Pairs with Epoch.
            Atomic.Write(ref s_epoch, s_epoch + 1);
        }

        Exit();
        return mapped;
    }

    /// <summary>
    /// Adds the statistics of an arena without blocks to those of the destroyed ones. The caller has the lock
    /// of the arenas.
    /// </summary>
    internal static void Retire(Arena* arena)
    {
        s_lock.Enter();
        if (TryTake(arena) && TryMap(ref s_destroyed))
        {
            Snapshot.RetainCounts(arena->Statistics);
            Snapshot.Add(s_destroyed, arena->Statistics);
            Memory.Clear(arena->Statistics, Snapshot.Size);
        }

        s_lock.Exit();
    }

    /// <summary>
    /// Makes the statistics usable in the child of a fork, whose parent may have been refreshing.
    /// </summary>
    internal static void StartInChild() => s_lock = default;

    // No arena may be destroyed while its tables are read.
    private static void Enter()
    {
        Arenas.Lock();
        s_lock.Enter();
    }

    private static void Exit()
    {
        s_lock.Exit();
        Arenas.Unlock();
    }

    private static bool TryTake(Arena* arena)
    {
        Snapshot* snapshot = arena->Statistics;
        bool mapped = TryMap(ref snapshot);
        if (mapped)
        {
            // Published after the first numbers. Pairs with Of.
            Snapshot.Take(snapshot, arena);
            Atomic.Write(ref *(nuint*)&arena->Statistics, (nuint)snapshot);
        }

        return mapped;
    }

    private static bool TryMap(ref Snapshot* snapshot)
    {
        snapshot = snapshot != null ? snapshot : (Snapshot*)Os.Map(Snapshot.Size);
        return snapshot != null;
    }
}
