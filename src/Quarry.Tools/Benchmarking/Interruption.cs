using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry.Tools.Benchmarking;

/// <summary>
/// Turns Ctrl-C and a request to end into an orderly stop, so that nothing is left running.
/// </summary>
internal static class Interruption
{
    private static readonly CancellationTokenSource s_source = new();

    // To the end of the process: the signal that ended a run arrives here a moment later.
    private static PosixSignalRegistration[] s_registrations = [];

    /// <summary>From now on these signals do no more than cancel the token.</summary>
    internal static CancellationToken Listen()
    {
        s_registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop),
        ];
        return s_source.Token;
    }

    private static void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        s_source.Cancel();
    }
}
