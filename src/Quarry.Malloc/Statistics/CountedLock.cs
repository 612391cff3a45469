namespace Quarry.Malloc;

/// <summary>A <see cref="YieldingLock"/> with statistics, for locks that jemalloc reports.</summary>
/// <remarks>For locks that controls and the background thread enter, never a malloc.</remarks>
internal struct CountedLock
{
    private nuint _held;
    private nuint _waiting;
    private LockStatistics _statistics;

    /// <summary>Gets the statistics; a thread may be changing them.</summary>
    internal readonly LockStatistics Statistics => _statistics;

    internal void Enter()
    {
        // A full fence: nothing of the critical section moves before it. Pairs with the release in Exit.
        if (!Atomic.TryReplace(ref _held, 0, 1))
        {
            Wait();
        }

        _statistics.Entered((nuint)Os.ThreadId());
    }

    internal bool TryEnter()
    {
        bool entered = Atomic.TryReplace(ref _held, 0, 1);
        if (entered)
        {
            _statistics.Entered((nuint)Os.ThreadId());
        }

        return entered;
    }

    // Releases: a thread that enters afterwards sees everything the critical section wrote.
    internal void Exit() => Atomic.Write(ref _held, 0);

    /// <summary>Sets the statistics to zero.</summary>
    internal void ResetStatistics()
    {
        Enter();
        _statistics = default;
        Exit();
    }

    private void Wait()
    {
        nuint waiting = Atomic.Add(ref _waiting, 1);
        ulong start = Os.Nanoseconds();
        uint round = 0;
        for (; Atomic.Read(ref _held) != 0 || !Atomic.TryReplace(ref _held, 0, 1); round++)
        {
            Backoff.Wait(round);
        }

        _ = Atomic.Subtract(ref _waiting, 1);
        _statistics.Waited((nuint)(Os.Nanoseconds() - start), round <= Backoff.SpinRounds, waiting);
    }
}
