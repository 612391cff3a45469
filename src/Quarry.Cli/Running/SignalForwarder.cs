using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using Quarry.Tools.Posix;
using Quarry.Tools.Running;

namespace Quarry.Cli.Running;

/// <summary>
/// Makes this process step aside while a child lives. What the terminal sends to the whole process group
/// (SIGINT, SIGQUIT) is for the child to answer; what is sent to this process alone is handed on.
/// </summary>
/// <remarks>Signals that the caller had set to be ignored stay ignored, here and in the child.</remarks>
internal sealed class SignalForwarder
{
    private static readonly int[] s_ofTheGroup = [Constants.SIGINT, Constants.SIGQUIT];

    private static readonly int[] s_handedOn =
        [Constants.SIGHUP, Constants.SIGTERM, Constants.SIGUSR1, Constants.SIGUSR2, Constants.SIGCONT];

    // To the end of the process: a signal that ended the child arrives here a moment later, and must not
    // end this process before it has told the figures. Registrations that nobody holds would be collected.
    private static readonly List<PosixSignalRegistration> s_registrations = [];

    private readonly List<int> _early = [];
    private readonly Lock _lock = new();
    private ChildProcess? _child;

    /// <summary>
    /// Begins before the child is started, so that no signal ends this process and orphans it.
    /// </summary>
    internal SignalForwarder()
    {
        foreach (int signal in s_ofTheGroup)
        {
            s_registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, c => c.Cancel = true));
        }

        foreach (int signal in s_handedOn)
        {
            s_registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
            {
                context.Cancel = true;
                HandOn(signal);
            }));
        }
    }

    /// <summary>Names the child; it gets what came in the meantime.</summary>
    internal void SetChild(ChildProcess child)
    {
        lock (_lock)
        {
            _child = child;
            _early.ForEach(child.Signal);
        }
    }

    private void HandOn(int signal)
    {
        lock (_lock)
        {
            if (_child is null)
            {
                _early.Add(signal);
            }
            else
            {
                _child.Signal(signal);
            }
        }
    }
}
