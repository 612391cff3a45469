using System.Threading;

namespace Quarry;

/// <summary>Waiting for another thread that is about to be done.</summary>
internal static class Backoff
{
    private const uint SpinRounds = 10;

    /// <summary>Waits a little, longer in each round; lets other threads run from the tenth on.</summary>
    internal static void Wait(uint round)
    {
        if (round < SpinRounds)
        {
            Thread.SpinWait(1 << (int)(round / 2));
        }
        else
        {
            // The one inside may have a lower priority: a sleep lets it run as well, which a yield need not.
            Thread.Sleep(round % SpinRounds == 0 ? 1 : 0);
        }
    }
}
