using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Linux on arm64.</content>
internal static unsafe partial class Os
{
    internal static unsafe partial class Linux
    {
        internal const int AddressBits = ImageConstants.AddressBits;

        private const nuint LeastPageSize = (nuint)1 << ImageConstants.Log2Page;
        private const nuint LargestPageSize = 64 * 1024;

        private static nuint s_hardwarePageSize;

        /// <summary>The function of the vDSO that reads a clock, zero-terminated.</summary>
        private static ReadOnlySpan<byte> ClockFunctionName => "__kernel_clock_gettime\0"u8;

        /// <summary>The offset of the mode in the kernel's <c>struct stat</c>.</summary>
        private const int StatusModeOffset = 16;

        /// <summary>The flag that makes opening a symbolic link fail.</summary>
        internal const int NoFollow = 0x8000;

        private const nint CallFtruncate = 46, CallFallocate = 47;
        private const nint CallFcntl = 25, CallIoctl = 29, CallRenameat = 38, CallOpenat = 56, CallClose = 57;
        private const nint CallRead = 63, CallWrite = 64, CallReadlinkat = 78, CallFstat = 80;
        private const nint CallExitGroup = 94, CallFutex = 98, CallNanosleep = 101, CallClockGettime = 113;
        private const nint CallSchedYield = 124, CallTgkill = 131, CallSigaltstack = 132;
        private const nint CallGetpid = 172, CallGetppid = 173;
        private const nint CallGettid = 178, CallSysinfo = 179, CallBrk = 214, CallMunmap = 215;
        private const nint CallMremap = 216, CallMmap = 222, CallMprotect = 226, CallMincore = 232;
        private const nint CallGetrandom = 278, CallSocket = 198, CallConnect = 203, CallSetsockopt = 208;
        private const nint CallGetrusage = 165, CallSchedGetaffinity = 123, CallGetcpu = 168;
        private const nint CallGetcwd = 17, CallUnlinkat = 35, CallRtSigprocmask = 135, CallPrctl = 167;
        private const nint CallGetuid = 174, CallGeteuid = 175, CallGetgid = 176, CallGetegid = 177;
        private const nint CallMadvise = 233, CallPrlimit = 261;

        /// <summary>
        /// The unit in which memory is mapped: the pages of the running kernel, or those of the build if they
        /// are larger.
        /// </summary>
        internal static nuint PageSize =>
            LeastPageSize >= LargestPageSize || LeastPageSize > HardwarePageSize
                ? LeastPageSize
                : HardwarePageSize;

        /// <summary>
        /// The page size of the running kernel, which is one of 4, 16 and 64 KiB. It is read at the first
        /// use; threads that read it at the same time store the same value.
        /// </summary>
        private static nuint HardwarePageSize =>
            s_hardwarePageSize != 0 ? s_hardwarePageSize : ReadHardwarePageSize();

        /// <summary>
        /// Reads the page size from the auxiliary vector; takes the largest one, which is right with any
        /// kernel, if that is unreadable.
        /// </summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static nuint ReadHardwarePageSize()
        {
            nuint size = AuxiliaryVector.Read(AuxiliaryVector.PageSize);
            size = size != 0 ? size : LargestPageSize;
            s_hardwarePageSize = size;
            return size;
        }
    }
}
