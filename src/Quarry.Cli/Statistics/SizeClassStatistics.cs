namespace Quarry.Cli.Statistics;

/// <summary>The statistics of one size class.</summary>
/// <param name="Size">The size of its blocks, in bytes.</param>
/// <param name="Allocations">The number of blocks allocated so far.</param>
/// <param name="InUse">The number of blocks in use.</param>
/// <param name="Pages">The number of pages that hold its blocks.</param>
internal sealed record SizeClassStatistics(long Size, long Allocations, long InUse, long Pages);
