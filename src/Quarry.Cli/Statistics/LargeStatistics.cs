namespace Quarry.Cli.Statistics;

/// <summary>Blocks too large for a size class: handed out over time, in use, and the bytes in use.</summary>
internal sealed record LargeStatistics(long Allocations, long InUse, long Bytes);
