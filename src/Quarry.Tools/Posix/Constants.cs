namespace Quarry.Tools.Posix;

/// <summary>Numbers of Linux that this tool uses (the same on x86-64 and AArch64).</summary>
internal static class Constants
{
    internal const int ENOENT = 2;
    internal const int EINTR = 4;
    internal const int ENOEXEC = 8;
    internal const int EAGAIN = 11;
    internal const int ENOTDIR = 20;
    internal const int EPIPE = 32;

    internal const int X_OK = 1;
    internal const int W_OK = 2;
    internal const int O_WRONLY = 0x1;
    internal const int O_CLOEXEC = 0x80000;
    internal const int F_DUPFD_CLOEXEC = 1030;

    internal const int SIGHUP = 1;
    internal const int SIGINT = 2;
    internal const int SIGQUIT = 3;
    internal const int SIGKILL = 9;
    internal const int SIGUSR1 = 10;
    internal const int SIGUSR2 = 12;
    internal const int SIGPIPE = 13;
    internal const int SIGTERM = 15;
    internal const int SIGCHLD = 17;
    internal const int SIGCONT = 18;
    internal const int SIGSTOP = 19;
    internal const int SIGCANCEL = 32;
    internal const int SIGSETXID = 33;

    internal const nint SIG_DFL = 0;
    internal const int SIG_UNBLOCK = 1;

    internal const int P_PID = 1;
    internal const int WEXITED = 4;
    internal const int WNOWAIT = 0x1000000;

    internal const int PR_SET_DUMPABLE = 4;
    internal const int PR_SET_CHILD_SUBREAPER = 36;
    internal const int RLIMIT_NOFILE = 7;
    internal const nuint TIOCGWINSZ = 0x5413;

    internal const short POLLIN = 1;
    internal const uint ICANON = 0x2;
    internal const uint ECHO = 0x8;
    internal const int VTIME = 5;
    internal const int VMIN = 6;
    internal const int TCSADRAIN = 1;

    internal const short POSIX_SPAWN_SETSIGDEF = 4;
}
