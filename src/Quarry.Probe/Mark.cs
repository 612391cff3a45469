namespace Quarry.Probe;

/// <summary>
/// How a program marks a moment, in any language: by a block of a size that nobody else asks for.
/// </summary>
internal static class Mark
{
    /// <summary>Bytes of the block; that of samples/CounterMalloc.</summary>
    internal const int Size = 2_718_281;
}
