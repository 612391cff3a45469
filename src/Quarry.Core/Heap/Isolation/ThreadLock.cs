using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>A lock that knows its holder, for critical sections of a few instructions.</summary>
/// <remarks>
/// Entering fails in a signal handler that has interrupted the critical section, if the thread that holds it
/// was killed, and if it does not leave for a long time, because a handler has jumped out of it. The caller
/// then does without.
/// </remarks>
internal unsafe struct ThreadLock
{
    // Ten rounds of spinning, then sleeps of a millisecond after nine yields each: about a second.
    private const uint MostRounds = 10_000;

    // The number of rounds between two questions to the system whether the holder has ended.
    private const uint RoundsToAsk = 50;

    // The holder of a lock that a killed thread held, or one that is not in this child of a fork. What it
    // guards may be half changed, so it is given up.
    private const nuint Lost = 1;

    private nuint _holder;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEnter(IsolatedThread* thread) =>
        Atomic.TryReplace(ref _holder, 0, (nuint)thread) || TryEnterSlow(thread);

    // Releases: a thread that enters afterwards sees everything the critical section wrote.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Exit() => Atomic.Write(ref _holder, 0);

    /// <summary>Enters before a fork, unless the calling thread or a lost one holds the lock.</summary>
    internal void EnterForFork(IsolatedThread* thread) => _ = TryEnter(thread);

    /// <summary>Leaves after a fork.</summary>
    internal void ExitAfterFork(IsolatedThread* thread)
    {
        if (Atomic.Read(ref _holder) == (nuint)thread)
        {
            Exit();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryEnterSlow(IsolatedThread* thread)
    {
        for (uint round = 0; round < MostRounds; round++)
        {
            nuint holder = Atomic.Read(ref _holder);
            if (holder == (nuint)thread || holder == Lost)
            {
                return false;
            }

            int id = holder == 0 ? 0 : ((IsolatedThread*)holder)->Id;
            if (round % RoundsToAsk == RoundsToAsk - 1 && id != 0 && Os.ThreadHasEnded(Os.ProcessId(), id))
            {
                _ = Atomic.TryReplace(ref _holder, holder, Lost);
            }

            if (holder == 0 && Atomic.TryReplace(ref _holder, 0, (nuint)thread))
            {
                return true;
            }

            Backoff.Wait(round);
        }

        return false;
    }
}
