namespace Quarry;

/// <summary>What has happened to a lock so far. Times are in nanoseconds.</summary>
/// <remarks>The thread that has the lock writes; others read, and may see numbers of two moments.</remarks>
internal struct LockStatistics
{
    /// <summary>The number of times that the lock was entered.</summary>
    public nuint Entries;

    /// <summary>The number of entries for which a thread had to let others run.</summary>
    public nuint Waits;

    /// <summary>The number of entries for which a thread had to spin only.</summary>
    public nuint Spins;

    /// <summary>The number of entries by another thread than the one before.</summary>
    public nuint OwnerSwitches;

    /// <summary>The time for which threads have waited.</summary>
    public nuint WaitTime;

    /// <summary>The longest time for which a thread has waited.</summary>
    public nuint LongestWait;

    /// <summary>The most threads that have waited at the same time.</summary>
    public nuint MostWaiting;

    private nuint _owner;

    /// <summary>Counts an entry; called by the thread that has entered.</summary>
    internal void Entered(nuint threadId)
    {
        Entries++;
        OwnerSwitches += _owner != threadId ? 1u : 0;
        _owner = threadId;
    }

    /// <summary>Counts the wait before an entry; called by the thread that has entered.</summary>
    /// <param name="time">The time for which the thread has waited.</param>
    /// <param name="spun">Whether the thread only had to spin.</param>
    /// <param name="waiting">The number of threads that waited, this one included.</param>
    internal void Waited(nuint time, bool spun, nuint waiting)
    {
        Waits += spun ? 0u : 1u;
        Spins += spun ? 1u : 0u;
        WaitTime += time;
        LongestWait = time > LongestWait ? time : LongestWait;
        MostWaiting = waiting > MostWaiting ? waiting : MostWaiting;
    }

    /// <summary>Adds the statistics of another lock.</summary>
    internal void Add(in LockStatistics other)
    {
        Entries += other.Entries;
        Waits += other.Waits;
        Spins += other.Spins;
        OwnerSwitches += other.OwnerSwitches;
        WaitTime += other.WaitTime;
        LongestWait = other.LongestWait > LongestWait ? other.LongestWait : LongestWait;
        MostWaiting = other.MostWaiting > MostWaiting ? other.MostWaiting : MostWaiting;
    }
}
