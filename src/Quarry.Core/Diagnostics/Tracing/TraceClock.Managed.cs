using System.Diagnostics;

namespace Quarry;

/// <summary>The time of an event.</summary>
internal static class TraceClock
{
    private static readonly long s_nanoseconds = 1_000_000_000 / Stopwatch.Frequency;

    /// <summary>Nanoseconds of a clock that never goes backwards.</summary>
    internal static ulong Now => (ulong)(Stopwatch.GetTimestamp() * s_nanoseconds);
}
