using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>A lock of one word that spins a little and then lets other threads run.</summary>
/// <remarks>
/// One atomic operation to enter and one store to leave when nobody else is inside. For what takes some
/// instructions, and for tools that look for mistakes, not for the heap: a thread that is killed while it
/// holds the lock, or lost in a fork, stops all others for good. Not reentrant.
/// </remarks>
internal struct YieldingLock
{
    private nuint _held;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter()
    {
        if (!Atomic.TryReplace(ref _held, 0, 1))
        {
            EnterSlow();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Exit() => Atomic.Write(ref _held, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterSlow()
    {
        // Looks before it tries: a failed attempt takes the cache line away from the thread that is inside.
        for (uint round = 0; Atomic.Read(ref _held) != 0 || !Atomic.TryReplace(ref _held, 0, 1); round++)
        {
            Backoff.Wait(round);
        }
    }
}
