using System;

namespace Quarry;

/// <content>Linux on x86-64.</content>
internal static partial class Os
{
    internal static partial class Linux
    {
        internal const int AddressBits = ImageConstants.AddressBits;

        internal const nuint PageSize = (nuint)1 << ImageConstants.Log2Page;

        private const nuint HardwarePageSize = 4096;

        /// <summary>The function of the vDSO that reads a clock, zero-terminated.</summary>
        private static ReadOnlySpan<byte> ClockFunctionName => "__vdso_clock_gettime\0"u8;

        /// <summary>The offset of the mode in the kernel's <c>struct stat</c>.</summary>
        private const int StatusModeOffset = 24;

        /// <summary>The flag that makes opening a symbolic link fail.</summary>
        internal const int NoFollow = 0x20000;

        private const nint CallFtruncate = 77, CallFallocate = 285;
        private const nint CallRead = 0, CallWrite = 1, CallClose = 3, CallFstat = 5;
        private const nint CallMmap = 9, CallMprotect = 10, CallMunmap = 11, CallBrk = 12;
        private const nint CallIoctl = 16;
        private const nint CallRtSigprocmask = 14, CallGetcwd = 79, CallPrctl = 157, CallUnlinkat = 263;
        private const nint CallGetuid = 102, CallGetgid = 104, CallGeteuid = 107, CallGetegid = 108;
        private const nint CallSchedYield = 24, CallMremap = 25, CallMincore = 27, CallMadvise = 28;
        private const nint CallGetrandom = 318, CallSocket = 41, CallConnect = 42, CallSetsockopt = 54;
        private const nint CallGetrusage = 98, CallSchedGetaffinity = 204, CallGetcpu = 309;
        private const nint CallNanosleep = 35, CallGetpid = 39, CallFcntl = 72, CallSysinfo = 99;
        private const nint CallGetppid = 110, CallSigaltstack = 131, CallGettid = 186, CallFutex = 202;
        private const nint CallClockGettime = 228;
        private const nint CallExitGroup = 231, CallTgkill = 234, CallOpenat = 257, CallRenameat = 264;
        private const nint CallReadlinkat = 267, CallPrlimit = 302;
    }
}
