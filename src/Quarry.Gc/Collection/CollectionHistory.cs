namespace Quarry.Gc;

/// <summary>The last collection of each kind, and the times of all.</summary>
internal static unsafe class CollectionHistory
{
    // GCKind
    private const int KindAny = 0, KindYoung = 1, KindFull = 2, KindBackground = 3;
    private const ulong NanosecondsInTick = 100, NanosecondsInMillisecond = 1_000_000;

    private static CollectionRecord s_young;
    private static CollectionRecord s_full;

    // Full collections that have marked while threads ran.
    private static CollectionRecord s_background;
    private static nuint s_backgroundCount;
    private static ulong s_created;
    private static ulong s_pauses;
    private static ulong s_lastEnd;
    private static uint s_lastPercentage;

    /// <summary>The time that threads were suspended for collections, in units of 100 ns.</summary>
    internal static long PauseTicks => (long)(s_pauses / NanosecondsInTick);

    /// <summary>The percentage of the time since the previous collection that the last one took.</summary>
    internal static uint LastPercentage => s_lastPercentage;

    /// <summary>The number of full collections that have marked while threads ran.</summary>
    internal static nuint BackgroundCount => s_backgroundCount;

    private static ref CollectionRecord LastFull =>
        ref (s_background.Index > s_full.Index ? ref s_background : ref s_full);

    internal static void Initialize() => s_created = s_lastEnd = Os.Nanoseconds();

    /// <summary>Returns the last collection of a kind, which is empty if there was none.</summary>
    internal static CollectionRecord Last(int kind) => kind switch
    {
        KindAny => LastFull.Index > s_young.Index ? LastFull : s_young,
        KindYoung => s_young,
        KindFull => s_full,
        KindBackground => s_background,
        _ => default,
    };

    /// <summary>Returns the last collection that included a generation.</summary>
    internal static CollectionRecord LastOf(int generation) =>
        generation == 0 ? Last(KindAny) : LastFull;

    /// <summary>Converts a time to milliseconds.</summary>
    internal static nuint Milliseconds(ulong nanoseconds) => (nuint)(nanoseconds / NanosecondsInMillisecond);

    /// <summary>Converts a duration to units of 100 ns.</summary>
    internal static ulong Ticks(ulong nanoseconds) => nanoseconds / NanosecondsInTick;

    /// <summary>Updates the last full collection after a sweep outside its pause.</summary>
    internal static void SetSwept(LazySweepRecord* sweep)
    {
        LastFull.FreeAfter = sweep->Free;
        LastFull.Committed = sweep->Committed;
    }

    /// <summary>Adds a collection. Threads are still suspended.</summary>
    internal static void Add(CollectionRecord* record)
    {
        const ulong Percent = 100, Hundredths = 100;
        ulong now = Os.Nanoseconds();
        record->Pause = now - record->Start;
        s_pauses += record->Pause;
        record->PausePercentage = (uint)(s_pauses * Percent * Hundredths / (now - s_created + 1));
        s_lastPercentage = (uint)(record->Pause * Percent / (now - s_lastEnd + 1));
        s_lastEnd = now;
        if (record->IsConcurrent)
        {
            s_background = *record;
            s_backgroundCount++;
        }
        else if (record->Generation == GcHeap.OldestGeneration)
        {
            s_full = *record;
        }
        else
        {
            s_young = *record;
        }
    }
}
