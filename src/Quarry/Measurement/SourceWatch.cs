using System.Collections.Generic;
using System.Linq;

namespace Quarry;

/// <summary>A source during a section.</summary>
internal sealed class SourceWatch(
    MemorySource source, AllocationStatistics start, SiteRecorder? recorder)
{
    private readonly IReadOnlyList<SizeStatistics> _sizes = source.Sizes;

    /// <summary>The sites of the section; null if they are not recorded.</summary>
    internal SiteRecorder? Recorder => recorder;

    /// <summary>The figures at the beginning.</summary>
    internal AllocationStatistics Start { get; } = start;

    /// <summary>The most bytes in use so far, those included that were in use at the beginning.</summary>
    internal long Peak { get; set; } = start.CurrentBytes;

    /// <summary>What was taken, once the section has ended.</summary>
    internal NativeStatistics Use { get; private set; }

    internal void End()
    {
        AllocationStatistics used = source.End(this);
        Use = new NativeStatistics
        {
            Name = source.Name,
            IsExact = source.IsExact,
            Statistics = used,
            PeakBytes = Peak - Start.CurrentBytes,
            Sizes =
            [
                .. source.Sizes.Select(Since).Where(size => size.Allocations != 0 || size.CurrentBlocks != 0),
            ],
            Sites = recorder?.GetSites() ?? [],
        };
    }

    private SizeStatistics Since(SizeStatistics now)
    {
        SizeStatistics before = _sizes.FirstOrDefault(size => size.MaxSize == now.MaxSize);
        return new SizeStatistics
        {
            MaxSize = now.MaxSize,
            Allocations = now.Allocations - before.Allocations,
            CurrentBlocks = now.CurrentBlocks - before.CurrentBlocks,
        };
    }
}
