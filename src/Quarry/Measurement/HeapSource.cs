namespace Quarry;

/// <summary>A heap, which knows its blocks by their size classes, and its peak by its pages.</summary>
internal sealed unsafe class HeapSource(Heap heap, string name) : MemorySource(name)
{
    private nuint _peakBefore;

    public override bool IsExact => false;

    public override AllocationStatistics Statistics
    {
        get
        {
            HeapStatistics now = heap.GetStatistics();
            return new AllocationStatistics
            {
                Allocations = (long)now.Allocations,
                Deallocations = (long)(now.Allocations - now.InUseBlocks),
                AllocatedBytes = (long)now.RequestedBytes,
                DeallocatedBytes = (long)(now.RequestedBytes - now.InUseBytes),
                CurrentBlocks = (long)now.InUseBlocks,
                CurrentBytes = (long)now.InUseBytes,
                PeakBytes = (long)now.PeakBytes,
            };
        }
    }

    // The peak of the pages never goes back; it is one of this section if it has risen.
    private protected override long PeakSinceRestart
    {
        get
        {
            HeapStatistics now = heap.GetStatistics();
            return (long)(now.PeakBytes > _peakBefore ? now.PeakBytes : now.InUseBytes);
        }
    }

    private protected override void RestartPeak() => _peakBefore = heap.GetStatistics().PeakBytes;

    private protected override void SetObserver(HeapObserver* observer)
    {
        HeapState.SetObserver(heap.State, observer);

        // Enters a slow path, where the calling thread follows.
        _ = heap.GetStatistics();
    }
}
