using System.Diagnostics;

namespace Quarry;

/// <summary>The clock of trace events.</summary>
internal static class TraceClock
{
    private static readonly long s_nanoseconds = 1_000_000_000 / Stopwatch.Frequency;

    /// <summary>Gets the monotonic time, in nanoseconds.</summary>
    internal static ulong Now => (ulong)(Stopwatch.GetTimestamp() * s_nanoseconds);
}
