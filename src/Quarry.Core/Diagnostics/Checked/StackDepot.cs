namespace Quarry;

/// <summary>Stores the stacks of callers, each distinct stack once, and identifies them by a word.</summary>
/// <remarks>
/// A stack is stored until the process ends; memory use is bounded by the number of distinct stacks. How a
/// stack is captured depends on the host: see the other parts.
/// </remarks>
internal static unsafe partial class StackDepot
{
    /// <summary>The maximum number of frames in a stack.</summary>
    internal const int MaxFrames = 64;
}
