using System.Globalization;
using Quarry.Tools.Posix;

namespace Quarry.Tools.Running;

/// <summary>How a process ended, decoded from the status that wait4 gives.</summary>
internal readonly record struct ProcessEnd(int WaitStatus)
{
    /// <summary>The signal that killed it; 0 when it exited.</summary>
    internal int Signal => WaitStatus & 0x7f;

    internal int ExitCode => (WaitStatus >> 8) & 0xff;

    internal bool Succeeded => WaitStatus == 0;

    public override string ToString() => Signal == 0
        ? string.Create(CultureInfo.InvariantCulture, $"exit code {ExitCode}")
        : string.Create(CultureInfo.InvariantCulture, $"killed by signal {Signal}{SignalName(Signal)}");

    /// <summary>
    /// Ends this process in the same way. Returns the exit code for Main if it was an exit.
    /// </summary>
    internal unsafe int Repeat()
    {
        if (Signal == 0)
        {
            return ExitCode;
        }

        // The core to look at is the program's; one of this tool would only overwrite it.
        _ = Libc.Prctl(Constants.PR_SET_DUMPABLE, 0, 0, 0, 0);
        _ = Libc.Signal(Signal, Constants.SIG_DFL);
        SignalSet set = default;
        set.Add(Signal);
        _ = Libc.ThreadSignalMask(Constants.SIG_UNBLOCK, &set, null);
        _ = Libc.Kill(System.Environment.ProcessId, Signal);
        return 128 + Signal;
    }

    private static string SignalName(int signal) => signal switch
    {
        1 => " (SIGHUP)",
        2 => " (SIGINT)",
        3 => " (SIGQUIT)",
        4 => " (SIGILL)",
        6 => " (SIGABRT)",
        7 => " (SIGBUS)",
        8 => " (SIGFPE)",
        9 => " (SIGKILL)",
        11 => " (SIGSEGV)",
        13 => " (SIGPIPE)",
        14 => " (SIGALRM)",
        15 => " (SIGTERM)",
        24 => " (SIGXCPU)",
        31 => " (SIGSYS)",
        _ => "",
    };
}
