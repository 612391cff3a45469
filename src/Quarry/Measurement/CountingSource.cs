using System;
using System.Collections.Generic;

namespace Quarry;

/// <summary>A counted allocator.</summary>
internal sealed unsafe class CountingSource<TInner>(
    Counting<TInner> counting, string name, Func<IReadOnlyList<SizeStatistics>>? sizes = null)
    : MemorySource(name)
    where TInner : unmanaged, IAllocator
{
    public override bool IsExact => true;

    public override AllocationStatistics Statistics => counting.Statistics;

    public override IReadOnlyList<SizeStatistics> Sizes => sizes?.Invoke() ?? [];

    private protected override long PeakSinceRestart => counting.Statistics.PeakBytes;

    private protected override void RestartPeak() => counting.ResetPeak();

    private protected override void SetObserver(HeapObserver* observer) => counting.SetObserver(observer);
}
