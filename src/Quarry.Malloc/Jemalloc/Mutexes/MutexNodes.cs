namespace Quarry.Malloc;

/// <summary>The statistics of locks of the process and of arenas; those of bins for the other group.
/// </summary>
internal static unsafe class MutexNodes
{
    internal static int Visit(ref MallctlNode node, int index)
    {
        int counter = index % MutexCounters.Count;
        return index < MutexCounters.Count ? OfProcess(ref node, counter)
            : index < 2 * MutexCounters.Count ? OfArena(ref node, counter)
            : index > 2 * MutexCounters.Count ? node.End()
            : node.Is("stats.mutexes.reset"u8, MallctlType.Void, MallctlAccess.Buffers)
                ? ProcessMutexes.Reset()
                : 0;
    }

    private static int OfProcess(ref MallctlNode node, int counter)
    {
        bool acts = counter switch
        {
            0 => node.Is("stats.mutexes.$.num_ops"u8),
            1 => node.Is("stats.mutexes.$.num_wait"u8),
            2 => node.Is("stats.mutexes.$.num_spin_acq"u8),
            3 => node.Is("stats.mutexes.$.num_owner_switch"u8),
            4 => node.Is("stats.mutexes.$.total_wait_time"u8),
            5 => node.Is("stats.mutexes.$.max_wait_time"u8),
            _ => node.Is("stats.mutexes.$.max_num_thds"u8, MallctlType.Unsigned),
        };
        return !acts ? 0
            : Snapshots.Merged() == null ? MallctlError.TryAgain
            : node.Return(MutexCounters.ValueOf(ProcessMutexes.Of(node.First), counter));
    }

    private static int OfArena(ref MallctlNode node, int counter)
    {
        bool acts = counter switch
        {
            0 => node.Is("stats.arenas.#.mutexes.$.num_ops"u8),
            1 => node.Is("stats.arenas.#.mutexes.$.num_wait"u8),
            2 => node.Is("stats.arenas.#.mutexes.$.num_spin_acq"u8),
            3 => node.Is("stats.arenas.#.mutexes.$.num_owner_switch"u8),
            4 => node.Is("stats.arenas.#.mutexes.$.total_wait_time"u8),
            5 => node.Is("stats.arenas.#.mutexes.$.max_wait_time"u8),
            _ => node.Is("stats.arenas.#.mutexes.$.max_num_thds"u8, MallctlType.Unsigned),
        };
        Snapshot* now = acts ? Snapshots.Of(node.First) : null;
        return !acts ? 0
            : now == null ? MallctlError.TryAgain
            : node.Return(MutexCounters.ValueOf(OfArena(now, node.Second), counter));
    }

    /// <summary>Returns the statistics of a lock of an arena; zeros for one that does not exist here.
    /// </summary>
    internal static LockStatistics OfArena(Snapshot* now, nuint mutex) =>
        mutex == MutexNames.Retained ? now->RetainedLock : default;

    /// <summary>
    /// A control of the lock of a bin: all zero, because pages belong to threads and bins have no locks.
    /// </summary>
    internal static int OfBin(ref MallctlNode node, int counter)
    {
        if (counter >= MutexCounters.Count)
        {
            return node.End();
        }

        _ = counter switch
        {
            0 => node.Is("stats.arenas.#.bins.#.mutex.num_ops"u8),
            1 => node.Is("stats.arenas.#.bins.#.mutex.num_wait"u8),
            2 => node.Is("stats.arenas.#.bins.#.mutex.num_spin_acq"u8),
            3 => node.Is("stats.arenas.#.bins.#.mutex.num_owner_switch"u8),
            4 => node.Is("stats.arenas.#.bins.#.mutex.total_wait_time"u8),
            5 => node.Is("stats.arenas.#.bins.#.mutex.max_wait_time"u8),
            _ => node.Is("stats.arenas.#.bins.#.mutex.max_num_thds"u8, MallctlType.Unsigned),
        };
        return node.Return(0);
    }
}
