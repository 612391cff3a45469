namespace Quarry;

/// <summary>The clock of trace events.</summary>
internal static class TraceClock
{
    /// <summary>Gets the time of a monotonic clock, in nanoseconds. One system call.</summary>
    internal static ulong Now => Os.Nanoseconds();
}
