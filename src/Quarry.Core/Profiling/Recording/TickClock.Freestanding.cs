using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Reads the time at a fraction of the cost of a system call: the processor's counter, related to
/// CLOCK_MONOTONIC again and again.
/// </summary>
/// <remarks>
/// The caller holds the <see cref="SiteLock"/>. A counter that stops, jumps, or differs between processors
/// makes the time wrong by less than the distance between two readings of the clock. The time never goes
/// backwards.
/// </remarks>
internal struct TickClock
{
    // About half a millisecond, in which a program allocates a few thousand blocks.
    internal const ulong TicksPerReading = 1 << 20;

    // Of the fixed-point number of nanoseconds per tick.
    private const int RateBits = 24;

    private ulong _start;
    private ulong _firstTicks;
    private ulong _ticks;
    private ulong _time;
    private ulong _rate;
    private ulong _latest;

    /// <summary>Gets the start on CLOCK_MONOTONIC, in nanoseconds.</summary>
    internal readonly ulong Start => _start;

    /// <summary>Sets the start to the current time.</summary>
    internal void Reset()
    {
        this = default;
        _start = Os.Linux.Nanoseconds();
        _firstTicks = Ticks();
        _ticks = _firstTicks;
    }

    /// <summary>Returns the time since the start, in nanoseconds.</summary>
    internal ulong Now()
    {
        ulong elapsed = Ticks() - _ticks;
        if (elapsed >= TicksPerReading || _rate == 0)
        {
            Synchronize();
            elapsed = 0;
        }

        ulong now = _time + ((elapsed * _rate) >> RateBits);
        _latest = now > _latest ? now : _latest;
        return _latest;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Synchronize()
    {
        _time = Os.Linux.Nanoseconds() - _start;
        _ticks = Ticks();
        ulong ticks = _ticks - _firstTicks;

        // Until then, the readings themselves would dominate the rate.
        _rate = ticks < TicksPerReading || _time >> (64 - RateBits) != 0 ? _rate
            : (_time << RateBits) / ticks;
    }

    /// <summary>Returns the processor's counter.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_ticks")]
    internal static extern ulong Ticks();
}
