namespace Quarry;

/// <summary>The exact clock, which on .NET is <c>Stopwatch</c>.</summary>
internal static unsafe partial class Os
{
    private const int ClockMonotonic = 1;

    /// <summary>A clock of a nanosecond's resolution that never goes backwards.</summary>
    internal static ulong Nanoseconds()
    {
        TimeSpec time = default;
        _ = SystemCall(CallClockGettime, ClockMonotonic, (nint)(&time), 0, 0, 0, 0);
        return ((ulong)time.Seconds * 1_000_000_000) + (ulong)time.Nanoseconds;
    }
}
