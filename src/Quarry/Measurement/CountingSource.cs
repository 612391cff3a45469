namespace Quarry;

/// <summary>A counted allocator.</summary>
internal sealed class CountingSource<TInner>(Counting<TInner> counting, string name) : MemorySource(name)
    where TInner : unmanaged, IAllocator
{
    public override bool IsExact => true;

    public override AllocationCounts Counts => counting.Counts;

    private protected override long PeakSinceRestart => counting.Counts.PeakBytes;

    private protected override void RestartPeak() => counting.ResetPeak();
}
