namespace Quarry;

/// <summary>The sums of blocks outside of the regions.</summary>
internal unsafe struct OutsideTotals
{
    /// <summary>The totals.</summary>
    public HeapStatistics Statistics;

    /// <summary>The size classes, to which the blocks are added.</summary>
    public SizeClassStatistics* Classes;
}
