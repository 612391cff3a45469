namespace Quarry.Gc;

/// <summary>
/// A snapshot of the heap, in bytes. The managed library has the same layout (<c>ManagedHeapStatistics</c>).
/// </summary>
internal unsafe struct ManagedHeapStatistics
{
    /// <summary>The bytes allocated to threads, including the unused ends of their quanta.</summary>
    public nuint InUse;

    /// <summary>The bytes from the start of the heap to the end of its last run.</summary>
    public nuint Used;

    public nuint Committed;

    public nuint Reserved;

    /// <summary>The limit; 0 if there is none.</summary>
    public nuint Limit;

    /// <summary>Reads the statistics. Other threads may change them meanwhile.</summary>
    internal static ManagedHeapStatistics Read()
    {
        // Each value is at most the next one. All of them grow, so the smallest is read first. InUse may
        // still exceed Used, if a thread exits between the two reads that it consists of.
        ManagedHeapStatistics statistics = default;
        nuint inUse = ManagedHeap.InUseBytes;
        statistics.Used = ManagedHeap.UsedBytes;
        statistics.InUse = inUse < statistics.Used ? inUse : statistics.Used;
        statistics.Committed = ManagedHeap.CommittedBytes;
        statistics.Reserved = ManagedHeap.ReservedBytes;
        statistics.Limit = HeapLimit.Bytes;
        return statistics;
    }

    /// <summary>Reads the statistics for the managed library.</summary>
    internal static void Copy(ManagedHeapStatistics* target) => *target = Read();
}
