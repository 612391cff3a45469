namespace Quarry;

/// <summary>The system call numbers of x86-64.</summary>
internal static partial class LinuxOs
{
    internal const nint CallRead = 0, CallWrite = 1, CallOpen = 2, CallClose = 3;
    internal const nint CallRename = 82, CallUnlink = 87, CallReadlink = 89, CallGetppid = 110;
    private const nint CallMmap = 9, CallMprotect = 10, CallMunmap = 11, CallBrk = 12;
    private const nint CallSchedYield = 24, CallMremap = 25, CallMincore = 27, CallMadvise = 28;
    private const nint CallGetpid = 39, CallGettid = 186, CallClockGettime = 228, CallExitGroup = 231;
    private const nint CallTgkill = 234, CallPrlimit = 302;
    private const nint CallSysinfo = 99, CallFutex = 202;
}
