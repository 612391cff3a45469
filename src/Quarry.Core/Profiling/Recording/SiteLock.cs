using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <summary>The lock of a recording: it stores the ID of its owner.</summary>
/// <remarks>
/// <para>
/// A thread can enter while it already owns the lock in two cases: a signal handler has interrupted the
/// critical section, or has jumped out of it before. As in <see cref="ThreadLifetime"/>, the position on the
/// stack distinguishes the two. In the first case the event is lost; in the second case the lock is taken
/// again.
/// </para>
/// <para>
/// A waiting thread takes the lock from an owner that has ended. All writes inside the critical section are
/// ordered so that the file stays readable if it ends after any of them. An owner that does not leave for
/// <see cref="Patience"/> is stuck; the others do not wait for it any more, and lose their events.
/// </para>
/// </remarks>
internal unsafe struct SiteLock
{
    // The values of ThreadLifetime, for the same reasons.
    private const nuint SignalFrame = 512, JumpDistance = 1024 * 1024;

    // In rounds of Backoff.Wait, of which each tenth sleeps for a millisecond: about a second.
    private const uint Patience = 10_000, RoundsPerCheck = 64;

    private nuint _owner;
    private nuint _frame;
    private nuint _stuck;
    private int _processId;
    private nuint _waiting;
    private LockStatistics _statistics;

    /// <summary>
    /// Gets the statistics; a thread may be changing them. Times have the resolution of <see
    /// cref="Os.Milliseconds"/>.
    /// </summary>
    internal readonly LockStatistics Statistics => _statistics;

    /// <summary>Resets the lock, in a process that has one thread.</summary>
    internal void Reset(int processId)
    {
        this = default;
        _processId = processId;
    }

    /// <summary>Tries to enter; fails in a signal handler that interrupted the critical section.</summary>
    /// <param name="threadId">The ID of the calling thread.</param>
    /// <param name="frame">The address of a local variable of the caller.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEnter(int threadId, void* frame)
    {
        // A full fence: nothing of the critical section moves before it. Pairs with the release in Exit.
        if (!Atomic.TryReplace(ref _owner, 0, (nuint)threadId) && !TryEnterSlow(threadId, (nuint)frame))
        {
            return false;
        }

        Volatile.Write(ref _frame, (nuint)frame);
        _statistics.Entered((nuint)threadId);
        return true;
    }

    /// <summary>Sets the statistics to zero. The caller has entered.</summary>
    internal void ResetStatistics() => _statistics = default;

    /// <summary>Determines whether <see cref="TryEnter"/> would fail because of the caller itself.</summary>
    internal bool IsInterrupted(int threadId, void* frame) =>
        Atomic.Read(ref _owner) == (nuint)threadId && !IsGone((nuint)frame);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Exit()
    {
        // The frame first: a handler between the two stores finds no frame that could be gone.
        Volatile.Write(ref _frame, 0);
        Atomic.Write(ref _owner, 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryEnterSlow(int threadId, nuint frame)
    {
        nuint waiting = Atomic.Add(ref _waiting, 1);
        nuint start = Os.Milliseconds();
        bool entered = TryWait(threadId, frame, out uint rounds);
        _ = Atomic.Subtract(ref _waiting, 1);
        if (entered && rounds > 1)
        {
            const nuint NanosecondsPerMillisecond = 1_000_000;
            nuint time = (Os.Milliseconds() - start) * NanosecondsPerMillisecond;
            _statistics.Waited(time, rounds <= Backoff.SpinRounds, waiting);
        }

        return entered;
    }

    private bool TryWait(int threadId, nuint frame, out uint round)
    {
        for (round = 1; round <= Patience; round++)
        {
            nuint owner = Atomic.Read(ref _owner);
            if (owner == (nuint)threadId)
            {
                return IsGone(frame);
            }

            if (owner == 0 ? Atomic.TryReplace(ref _owner, 0, (nuint)threadId)
                : round % RoundsPerCheck == 0 && TryTakeFromEnded(owner, threadId))
            {
                return true;
            }

            if (owner != 0 && owner == Atomic.Read(ref _stuck))
            {
                return false;
            }

            Backoff.Wait(round);
        }

        Atomic.Write(ref _stuck, Atomic.Read(ref _owner));
        return false;
    }

    private bool TryTakeFromEnded(nuint owner, int threadId) =>
        Os.ThreadHasEnded(_processId, (int)owner) && Atomic.TryReplace(ref _owner, owner, (nuint)threadId);

    private bool IsGone(nuint frame)
    {
        bool gone = frame + SignalFrame > _frame && frame < _frame + JumpDistance && !Os.IsOnSignalStack();
        if (gone)
        {
            Atomic.Write(ref _stuck, 0);
        }

        return gone;
    }
}
