namespace Quarry.Malloc;

/// <summary>A <see cref="CountedLock"/> whose holder receives no signals.</summary>
/// <remarks>
/// For locks that <c>malloc</c>, <c>free</c> and <c>malloc_trim</c> enter: a handler that jumped out of the
/// critical section would leave it locked forever. Entering and leaving cost a system call each.
/// </remarks>
internal struct SignalBlockingLock
{
    private CountedLock _lock;

    // The signal mask of the holder before it entered. Locks that are nested are left in reverse order.
    private ulong _mask;

    /// <inheritdoc cref="CountedLock.Statistics"/>
    internal readonly LockStatistics Statistics => _lock.Statistics;

    internal void Enter()
    {
        ulong mask = Os.Linux.BlockSignals();
        _lock.Enter();
        _mask = mask;
    }

    /// <summary>Enters unless another thread, or the caller itself, holds the lock.</summary>
    internal bool TryEnter()
    {
        ulong mask = Os.Linux.BlockSignals();
        bool entered = _lock.TryEnter();
        if (entered)
        {
            _mask = mask;
        }
        else
        {
            Os.Linux.RestoreSignals(mask);
        }

        return entered;
    }

    internal void Exit()
    {
        ulong mask = _mask;
        _lock.Exit();
        Os.Linux.RestoreSignals(mask);
    }

    /// <inheritdoc cref="CountedLock.ResetStatistics"/>
    internal void ResetStatistics() => _lock.ResetStatistics();
}
