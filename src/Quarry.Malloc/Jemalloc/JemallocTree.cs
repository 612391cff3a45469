using System;

namespace Quarry.Malloc;

/// <summary>The controls of jemalloc that the heap can answer.</summary>
/// <remarks>
/// The numbers in a MIB are derived from the positions here, and are stable for the life of a process, not
/// across versions.
/// </remarks>
internal unsafe struct JemallocTree : IMallctlTree
{
    internal const int Stats = 0, ArenaStats = 1, Arenas = 2, Arena = 3, Thread = 4, Process = 5, Option = 6,
        Config = 7, Prof = 8, Mutex = 9, Experimental = 10;

    public static int GroupCount => 11;

    public static int Visit(ref MallctlNode node, int group, int index) => group switch
    {
        Stats => StatsNodes.Visit(ref node, index),
        ArenaStats => ArenaStatsNodes.Visit(ref node, index),
        Arenas => ArenasNodes.Visit(ref node, index),
        Arena => ArenaNodes.Visit(ref node, index),
        Thread => ThreadNodes.Visit(ref node, index),
        Process => ProcessNodes.Visit(ref node, index),
        Option => OptionNodes.Visit(ref node, index),
        Config => ConfigNodes.Visit(ref node, index),
        Prof => ProfNodes.Visit(ref node, index),
        Mutex => MutexNodes.Visit(ref node, index),
        _ => ExperimentalNodes.Visit(ref node, index),
    };

    public static bool Exists(ReadOnlySpan<byte> before, nuint number) =>
        before.SequenceEqual("arena."u8)
            ? number < Malloc.Arenas.Count || Malloc.Arenas.IsAll(number) || number == Malloc.Arenas.Destroyed
        : before.SequenceEqual("stats.arenas."u8)
            ? Malloc.Arenas.IsAll(number) || Malloc.Arenas.HeapOf(number) != null
                || (number == Malloc.Arenas.Destroyed && Snapshots.HasDestroyed)
        : before.SequenceEqual("arenas.bin."u8) || before.SequenceEqual("stats.arenas.#.bins."u8)
            || before.SequenceEqual("prof.stats.bins."u8)
            ? number < (nuint)SizeClasses.BinCount
        : before.SequenceEqual("stats.arenas.#.extents."u8) ? number < ExtentSteps.Count
        : before.SequenceEqual("stats.mutexes."u8) ? number < MutexNames.ProcessCount
        : before.SequenceEqual("stats.arenas.#.mutexes."u8) ? number < MutexNames.ArenaCount
        : number < (nuint)SizeClasses.LargeCount;

    public static bool TryGetNumber(ReadOnlySpan<byte> before, ReadOnlySpan<byte> name, out nuint number) =>
        MutexNames.TryFind(name, ofArena: !before.SequenceEqual("stats.mutexes."u8), out number);
}
