using System;

namespace Quarry.Malloc;

/// <summary>The figures of a lock by jemalloc's names.</summary>
internal static class MutexCounters
{
    internal const int Count = 7;

    internal static ReadOnlySpan<byte> NameOf(int index) => index switch
    {
        0 => "num_ops"u8,
        1 => "num_wait"u8,
        2 => "num_spin_acq"u8,
        3 => "num_owner_switch"u8,
        4 => "total_wait_time"u8,
        5 => "max_wait_time"u8,
        _ => "max_num_thds"u8,
    };

    /// <summary>Returns a figure.</summary>
    internal static nuint ValueOf(in LockStatistics statistics, int index) => index switch
    {
        0 => statistics.Entries,
        1 => statistics.Waits,
        2 => statistics.Spins,
        3 => statistics.OwnerSwitches,
        4 => statistics.WaitTime,
        5 => statistics.LongestWait,
        _ => statistics.MostWaiting,
    };
}
