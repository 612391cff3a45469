using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>
/// The blocks of a site in an order of events that has its figures: heaptrack derives all of them from
/// events, which a profile does not have.
/// </summary>
/// <param name="Temporary">Blocks that are freed at once, before the peak.</param>
/// <param name="Early">Other blocks that are freed before the peak.</param>
/// <param name="Dropped">Blocks that are in use at the peak and freed after it.</param>
/// <param name="Kept">Blocks that are in use at the peak and at the end.</param>
/// <param name="Late">Blocks that are allocated after the peak and in use at the end.</param>
internal sealed record HeaptrackSite(
    HeaptrackBlocks Temporary, HeaptrackBlocks Early, HeaptrackBlocks Dropped, HeaptrackBlocks Kept,
    HeaptrackBlocks Late)
{
    internal long Events => 2 * (Temporary.Count + Early.Count + Dropped.Count) + Kept.Count + Late.Count;

    /// <summary>Divides the blocks of a site.</summary>
    /// <param name="site">The figures.</param>
    /// <param name="divisor">The number of blocks that one event stands for.</param>
    internal static HeaptrackSite Of(RecordedSite site, long divisor)
    {
        HeaptrackBlocks all = HeaptrackBlocks.Of(site.Blocks, site.Bytes).DividedBy(divisor);
        HeaptrackBlocks peak = HeaptrackBlocks.Of(site.AtPeakBlocks, site.AtPeakBytes).DividedBy(divisor);
        HeaptrackBlocks live = HeaptrackBlocks.Of(site.LiveBlocks, site.LiveBytes).DividedBy(divisor);

        // Which blocks were in use at both moments is not recorded: as many as possible.
        bool covered = peak.Covers(live);
        HeaptrackBlocks kept = covered ? live : default;
        HeaptrackBlocks late = covered ? default : live;
        HeaptrackBlocks freed = all.Minus(peak).Minus(late);
        long temporary = long.Min(freed.Count, (long)(site.TemporaryBlocks / divisor));
        HeaptrackBlocks atOnce = temporary == 0 ? default
            : new HeaptrackBlocks(temporary, (long)((double)freed.Bytes * temporary / freed.Count));
        return new HeaptrackSite(atOnce, freed.Minus(atOnce), peak.Minus(kept), kept, late);
    }
}
