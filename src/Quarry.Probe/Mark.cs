namespace Quarry.Probe;

/// <summary>
/// The mark of a moment in a program of any language: a block of a size that nothing else requests.
/// </summary>
internal static class Mark
{
    /// <summary>The size of the block, in bytes; the same as in samples/CounterMalloc.</summary>
    internal const int Size = 2_718_281;
}
