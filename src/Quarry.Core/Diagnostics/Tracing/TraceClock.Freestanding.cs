namespace Quarry;

/// <summary>The clock of trace events.</summary>
internal static class TraceClock
{
    /// <summary>Gets the monotonic time, in nanoseconds. Takes one system call.</summary>
    internal static ulong Now => Os.Nanoseconds();
}
