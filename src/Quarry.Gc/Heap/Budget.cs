namespace Quarry.Gc;

/// <summary>The most memory that the heap may take.</summary>
/// <remarks>
/// A little of it is kept until the heap has reported once that it is full: whoever catches the exception
/// needs objects for saying so.
/// </remarks>
internal static unsafe class Budget
{
    private const nuint Kept = 1 << 20;

    // The stock collector's least, so that a small container starts at all.
    private const ulong LeastInContainer = 20 << 20;

    private static nuint s_limit;

    /// <summary>In bytes; 0 for no limit but the reservation.</summary>
    internal static nuint LimitBytes => s_limit;

    /// <summary>
    /// Reads the runtime's own settings; without one, a container's limit leaves a quarter for all else, as
    /// it does under the stock collector.
    /// </summary>
    internal static void Read()
    {
        const ulong DefaultPercent = 75;
        if (Runtime.TryGetInteger("GCHeapHardLimit"u8, "System.GC.HeapHardLimit"u8, out long bytes)
            && bytes > 0)
        {
            s_limit = (nuint)bytes;
            return;
        }

        ulong container = Machine.ContainerLimit();
        bool named = Runtime.TryGetInteger(
            "GCHeapHardLimitPercent"u8, "System.GC.HeapHardLimitPercent"u8, out long percent);
        if (named && percent is > 0 and <= 100)
        {
            s_limit = (nuint)(Machine.MemoryBytes() / 100 * (ulong)percent);
        }
        else if (container != 0)
        {
            ulong share = container / 100 * DefaultPercent;
            s_limit = (nuint)(share < LeastInContainer ? LeastInContainer : share);
        }
    }

    internal static bool Allows(nuint used, nuint size)
    {
        nuint most = s_limit == 0 ? ManagedHeap.ReservedBytes : s_limit;
        nuint kept = Exhaustion.IsReported ? 0 : Kept < most / 8 ? Kept : most / 8;
        return size <= most - kept && used <= most - kept - size;
    }
}
