namespace Quarry;

/// <summary>Stores the stacks of callers, each distinct one once, and identifies them by a word.</summary>
/// <remarks>
/// A stack is stored until the process ends; the number of stacks is bounded by that of the call sites.
/// Capturing a stack differs by host: see the other parts.
/// </remarks>
internal static unsafe partial class StackDepot
{
    /// <summary>The maximum number of frames in a stack.</summary>
    internal const int MaxFrames = 64;
}
