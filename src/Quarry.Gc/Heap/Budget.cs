namespace Quarry.Gc;

/// <summary>The most memory that the heap may take.</summary>
internal static unsafe class Budget
{
    private static nuint s_limit;

    /// <summary>In bytes; 0 for no limit but the reservation.</summary>
    internal static nuint LimitBytes => s_limit;

    /// <summary>Reads <c>GCHeapHardLimit</c>, the runtime's own setting.</summary>
    internal static void Read()
    {
        if (Runtime.TryGetInteger("GCHeapHardLimit"u8, "System.GC.HeapHardLimit"u8, out long bytes) && bytes > 0)
        {
            s_limit = (nuint)bytes;
        }
    }

    internal static bool Allows(nuint used, nuint size) => s_limit == 0 || (used <= s_limit && size <= s_limit - used);
}
