namespace Quarry;

/// <summary>The stacks of callers, each kept once and known by a number.</summary>
/// <remarks>
/// A stack that was seen once is kept as long as the process lives; there are as many as there are places
/// that call. How a stack is taken differs: see the file of each host.
/// </remarks>
internal static unsafe partial class StackDepot
{
    /// <summary>The most frames of one stack.</summary>
    internal const int MaxFrames = 64;
}
