using System.Threading;

namespace Quarry;

/// <summary>Waits for another thread that is about to finish a few instructions.</summary>
internal static class Backoff
{
    /// <summary>The number of rounds that only spin.</summary>
    internal const uint SpinRounds = 10;

    /// <summary>Spins, then yields, then sleeps; waits longer with each round.</summary>
    internal static void Wait(uint round)
    {
        if (round < SpinRounds)
        {
            Thread.SpinWait(1 << (int)(round / 2));
        }
        else if (round % SpinRounds != 0)
        {
            Os.Yield();
        }
        else
        {
            // The other thread may have a lower priority, and yielding does not let it run.
            Os.Sleep();
        }
    }
}
