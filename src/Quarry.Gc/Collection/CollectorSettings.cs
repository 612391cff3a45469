namespace Quarry.Gc;

/// <summary>The settings of the collector that do not concern its budgets.</summary>
internal static class CollectorSettings
{
    // DOTNET_QuarryGCVerify
    private const long VerifyHeap = 1, LimitMarkStack = 2, ShareAlways = 4, SweepLate = 8, MarkAlways = 16,
        PromoteOften = 32;

    /// <summary>Whether the heap is verified after each collection.</summary>
    internal static bool Verifies { get; private set; }

    /// <summary>Whether the mark stack has a few entries only, so that it overflows often.</summary>
    internal static bool LimitsMarkStack { get; private set; }

    /// <summary>Whether several threads mark, and exchange objects as often as possible.</summary>
    internal static bool SharesAlways { get; private set; }

    /// <summary>Whether small heaps are swept after full collections, too, instead of during them.</summary>
    internal static bool SweepsLate { get; private set; }

    /// <summary>Whether marking while threads run is always in progress, also in small heaps.</summary>
    internal static bool MarksAlways { get; private set; }

    /// <summary>
    /// Whether every other young collection takes all objects for live, and not only if such collections are
    /// in vain.
    /// </summary>
    internal static bool PromotesOften { get; private set; }

    /// <summary>Whether free memory is never returned to the system: <c>GCRetainVM</c>.</summary>
    internal static bool RetainsMemory { get; private set; }

    /// <summary>Whether a line is written for each collection: <c>QuarryGCTrace</c>.</summary>
    internal static bool Traces { get; private set; }

    /// <summary>Reads the settings, before the heap is reserved.</summary>
    internal static void Read()
    {
        _ = Runtime.TryGetInteger("QuarryGCVerify"u8, "Quarry.GC.Verify"u8, out long verify);
        Verifies = (verify & VerifyHeap) != 0;
        LimitsMarkStack = (verify & LimitMarkStack) != 0;
        SharesAlways = (verify & ShareAlways) != 0;
        SweepsLate = (verify & SweepLate) != 0;
        MarksAlways = HeapMode.IsConcurrent && (verify & MarkAlways) != 0;
        PromotesOften = (verify & PromoteOften) != 0;
        Traces = Runtime.IsSet("QuarryGCTrace"u8, "Quarry.GC.Trace"u8, otherwise: false);
        RetainsMemory = Runtime.IsSet("GCRetainVM"u8, "System.GC.RetainVM"u8, otherwise: false);
    }
}
