using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>A lock of one word that spins briefly and then lets other threads run.</summary>
/// <remarks>
/// Without contention, entering is one atomic operation and leaving one store. Not reentrant. For critical
/// sections of a few instructions and for diagnostic tools, not for the heap: if the holder is killed or lost
/// in a fork, all other threads wait forever.
/// </remarks>
internal struct YieldingLock
{
    private nuint _held;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter()
    {
        // A full fence: nothing of the critical section moves before it. Pairs with the release in Exit.
        if (!Atomic.TryReplace(ref _held, 0, 1))
        {
            EnterSlow();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEnter() => Atomic.TryReplace(ref _held, 0, 1);

    // Releases: a thread that enters afterwards sees everything the critical section wrote.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Exit() => Atomic.Write(ref _held, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterSlow()
    {
        // Reads before it exchanges: a failed exchange takes the cache line away from the holder.
        for (uint round = 0; Atomic.Read(ref _held) != 0 || !Atomic.TryReplace(ref _held, 0, 1); round++)
        {
            Backoff.Wait(round);
        }
    }
}
