namespace Quarry.Cli.Statistics;

/// <summary>One size class: blocks handed out over time, blocks in use, pages it holds.</summary>
internal sealed record SizeClassStatistics(long Size, long Allocations, long InUse, long Pages);
