namespace Quarry.Gc;

/// <summary>The most memory that the heap may take.</summary>
internal static unsafe class Budget
{
    private static nuint s_limit;

    /// <summary>In bytes; 0 for no limit but the reservation.</summary>
    internal static nuint LimitBytes => s_limit;

    /// <summary>
    /// Reads the runtime's own settings; without one, a container's limit leaves a quarter for all else, as
    /// it does under the runtime's own collector.
    /// </summary>
    internal static void Read()
    {
        const long DefaultPercent = 75;
        if (Runtime.TryGetInteger("GCHeapHardLimit"u8, "System.GC.HeapHardLimit"u8, out long bytes) && bytes > 0)
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
            s_limit = (nuint)(container / 100 * (ulong)DefaultPercent);
        }
    }

    internal static bool Allows(nuint used, nuint size) =>
        s_limit == 0 || (used <= s_limit && size <= s_limit - used);
}
