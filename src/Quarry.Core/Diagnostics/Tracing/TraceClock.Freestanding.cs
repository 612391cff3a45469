namespace Quarry;

/// <summary>The time of an event.</summary>
internal static class TraceClock
{
    /// <summary>Nanoseconds of a clock that never goes backwards, by a system call.</summary>
    internal static ulong Now => Os.Nanoseconds();
}
