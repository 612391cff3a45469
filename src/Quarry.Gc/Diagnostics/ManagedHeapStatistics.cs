namespace Quarry.Gc;

/// <summary>
/// A snapshot of the heap, in bytes. The managed library has the same layout (<c>ManagedHeapFigures</c>).
/// </summary>
internal unsafe struct ManagedHeapStatistics
{
    /// <summary>Given to threads, including what they have not used yet.</summary>
    public nuint InUse;

    /// <summary>From the start of the heap to the end of its last run.</summary>
    public nuint Used;

    public nuint Committed;

    public nuint Reserved;

    /// <summary>0 for no limit.</summary>
    public nuint Limit;

    /// <summary>Reads the statistics, which threads change meanwhile.</summary>
    internal static ManagedHeapStatistics Read()
    {
        // Each value is at most the next one. The smallest is read first, as all grow; the first may still
        // exceed the second, when a thread exits between the two reads of which it is made.
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
