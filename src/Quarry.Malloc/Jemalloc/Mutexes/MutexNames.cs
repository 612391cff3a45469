using System;

namespace Quarry.Malloc;

/// <summary>The names of jemalloc's locks, in its order.</summary>
/// <remarks>
/// The heap itself has no locks. Those that exist have the names of jemalloc's with the same purpose; the
/// statistics of the others are zeros.
/// </remarks>
internal static class MutexNames
{
    /// <summary>The numbers of locks of the process that exist.</summary>
    internal const int Background = 0, BackgroundStep = 1, Controls = 2, Profiling = 3;

    internal const int ProcessCount = 9;

    /// <summary>The number of the lock of an arena that exists.</summary>
    internal const int Retained = 4;

    internal const int ArenaCount = 12;

    /// <summary>Returns the name of a lock of the process.</summary>
    internal static ReadOnlySpan<byte> OfProcess(int index) => index switch
    {
        Background => "background_thread"u8,
        BackgroundStep => "max_per_bg_thd"u8,
        Controls => "ctl"u8,
        Profiling => "prof"u8,
        4 => "prof_thds_data"u8,
        5 => "prof_dump"u8,
        6 => "prof_recent_alloc"u8,
        7 => "prof_recent_dump"u8,
        _ => "prof_stats"u8,
    };

    /// <summary>Returns the name of a lock of an arena.</summary>
    internal static ReadOnlySpan<byte> OfArena(int index) => index switch
    {
        0 => "large"u8,
        1 => "extent_avail"u8,
        2 => "extents_dirty"u8,
        3 => "extents_muzzy"u8,
        Retained => "extents_retained"u8,
        5 => "decay_dirty"u8,
        6 => "decay_muzzy"u8,
        7 => "base"u8,
        8 => "tcache_list"u8,
        9 => "hpa_shard"u8,
        10 => "hpa_shard_grow"u8,
        _ => "hpa_sec"u8,
    };

    /// <summary>Finds a name; false if no lock has it.</summary>
    internal static bool TryFind(ReadOnlySpan<byte> name, bool ofArena, out nuint index)
    {
        int count = ofArena ? ArenaCount : ProcessCount;
        int at = 0;
        while (at < count && !name.SequenceEqual(ofArena ? OfArena(at) : OfProcess(at)))
        {
            at++;
        }

        index = (nuint)at;
        return at < count;
    }
}
