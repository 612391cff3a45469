namespace Quarry.Cli.BeforeMain;

/// <summary>Represents the allocations of a program, up to a moment or between two moments.</summary>
/// <param name="Bytes">The number of bytes requested.</param>
/// <param name="Blocks">The number of blocks requested.</param>
/// <param name="BytesInUse">The number of bytes not freed.</param>
/// <param name="BlocksInUse">The number of blocks not freed.</param>
/// <param name="ManagedBytes">The size of the objects; null for languages without a managed heap.</param>
internal readonly record struct AllocationStatistics(
    long Bytes, long Blocks, long BytesInUse, long BlocksInUse, long? ManagedBytes = null)
{
    public static AllocationStatistics operator -(
        AllocationStatistics later, AllocationStatistics earlier) => new(
        later.Bytes - earlier.Bytes,
        later.Blocks - earlier.Blocks,
        later.BytesInUse - earlier.BytesInUse,
        later.BlocksInUse - earlier.BlocksInUse,
        later.ManagedBytes - earlier.ManagedBytes);
}
