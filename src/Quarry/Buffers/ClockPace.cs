using System;

namespace Quarry;

/// <summary>Which returns of a thread read the clock.</summary>
/// <remarks>
/// Those that follow each other slowly all do, so that idle blocks do not wait for a number of them. When
/// they are many, the clock would be a good part of their cost, and every 64th is often enough.
/// </remarks>
internal struct ClockPace
{
    /// <summary>The most returns from one that reads the clock to the next.</summary>
    internal const int MaxInterval = 64;

    // Of the idle time: what it may be exceeded by if the returns become slow.
    private const int Share = 64;

    private int _interval, _left;
    private long _last;

    internal bool IsDue()
    {
        if (_left == 0)
        {
            return true;
        }

        _left--;
        return false;
    }

    /// <summary>Chooses the next return, after one that has read the clock.</summary>
    internal void Next(long now, long idleTime)
    {
        bool slow = now - _last > idleTime / Share;
        _interval = slow ? 1 : Math.Min(_interval * 2, MaxInterval);
        _left = _interval - 1;
        _last = now;
    }
}
