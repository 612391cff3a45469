using System.Threading;

namespace Quarry;

/// <summary>A lock of one word that spins a little and then lets other threads run.</summary>
/// <remarks>
/// For tools that look for mistakes, not for allocators: a thread that is killed while it holds the lock, or
/// lost in a fork, stops all others for good. Not reentrant.
/// </remarks>
internal struct YieldingLock
{
    private const int Spins = 64;

    private nuint _held;

    internal void Enter()
    {
        for (int spins = 0; !Atomic.TryReplace(ref _held, 0, 1); spins++)
        {
            if (spins < Spins)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Os.Yield();
            }
        }
    }

    internal void Exit() => Atomic.Write(ref _held, 0);
}
