namespace Quarry.Cli.BeforeMain;

/// <summary>What a program has allocated, up to a moment or between two moments.</summary>
/// <param name="Bytes">Bytes that were asked for.</param>
/// <param name="Blocks">Blocks that were asked for.</param>
/// <param name="BytesInUse">Those of them that were not freed.</param>
/// <param name="BlocksInUse">Blocks that were not freed.</param>
/// <param name="ManagedBytes">Bytes of objects; null where the language has no managed heap.</param>
internal readonly record struct Figures(
    long Bytes, long Blocks, long BytesInUse, long BlocksInUse, long? ManagedBytes = null)
{
    public static Figures operator -(Figures later, Figures earlier) => new(
        later.Bytes - earlier.Bytes,
        later.Blocks - earlier.Blocks,
        later.BytesInUse - earlier.BytesInUse,
        later.BlocksInUse - earlier.BlocksInUse,
        later.ManagedBytes - earlier.ManagedBytes);
}
