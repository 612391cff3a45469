using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>
/// Linux from an image: system calls only, as the program may have replaced any function of the C library.
/// </content>
internal static unsafe partial class Os
{
    internal static unsafe partial class Linux
    {
        private const int ClockMonotonic = 1, ClockThread = 3, ClockMonotonicCoarse = 6;
        private const int FutexWaitPrivate = 128, FutexWakePrivate = 129;
        private const int SignalAbort = 6;
        private const nint SetMask = 2;

        // Signal n is bit n - 1: SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV and SIGSYS.
        private const ulong FaultSignals = 1ul << 3 | 1ul << 4 | 1ul << 6 | 1ul << 7 | 1ul << 10 | 1ul << 30;

        // SIGSETXID of glibc is 33, SIGSYNCCALL of musl 34.
        private const ulong CLibrarySignals = 1ul << 32 | 1ul << 33;
        private const int CurrentFolder = -100;
        private const int GetStatusFlags = 3, Append = 0x400;
        private const uint KindMask = 0xF000, Pipe = 0x1000, CharacterDevice = 0x2000;
        private const nint NoSuchProcess = -3;

        internal static bool IsMapped(void* page)
        {
            // A length of 1 is rounded up to one page of any size, so the kernel writes one byte.
            byte present = 0;
            return GetResidency(page, 1, &present) == 0;
        }

        /// <remarks>
        /// The kernel copies the signal mask from the address before it checks the operation, which is
        /// invalid here: the call fails with EFAULT if the address is unreadable and with EINVAL otherwise,
        /// and changes no mask. <c>mincore</c> also succeeds for inaccessible pages, and many sandboxes
        /// forbid <c>process_vm_readv</c>. (After Abseil's <c>AddressIsReadable</c>.)
        /// </remarks>
        internal static bool IsReadable(void* address)
        {
            const nint NoOperation = -1;
            return address != null && SystemCall(
                CallRtSigprocmask, NoOperation, (nint)address, 0, sizeof(ulong), 0, 0) != BadAddress;
        }

        /// <summary>Blocks the signals of the calling thread; returns the mask to restore.</summary>
        /// <remarks>
        /// Not those of faults, which a blocked handler would turn into the end of the process, and not the
        /// one by which the C library has all threads change their user: its sender waits for them.
        /// </remarks>
        internal static ulong BlockSignals()
        {
            ulong blocked = ~(FaultSignals | CLibrarySignals), previous = 0;
            _ = SystemCall(
                CallRtSigprocmask, SetMask, (nint)(&blocked), (nint)(&previous), sizeof(ulong), 0, 0);
            return previous;
        }

        /// <summary>Restores the signal mask of the calling thread.</summary>
        internal static void RestoreSignals(ulong mask) =>
            _ = SystemCall(CallRtSigprocmask, SetMask, (nint)(&mask), 0, sizeof(ulong), 0, 0);

        internal static int ProcessId() => (int)SystemCall(CallGetpid, 0, 0, 0, 0, 0, 0);

        internal static int ParentProcessId() => (int)SystemCall(CallGetppid, 0, 0, 0, 0, 0, 0);

        internal static int ThreadId() => (int)SystemCall(CallGettid, 0, 0, 0, 0, 0, 0);

        internal static bool ThreadHasEnded(int processId, int threadId) =>
            SystemCall(CallTgkill, processId, threadId, 0, 0, 0, 0) == NoSuchProcess;

        internal static void Yield() => _ = SystemCall(CallSchedYield, 0, 0, 0, 0, 0, 0);

        internal static void Sleep()
        {
            TimeSpec time = new() { Nanoseconds = 1_000_000 };
            _ = SystemCall(CallNanosleep, (nint)(&time), 0, 0, 0, 0, 0);
        }

        internal static nuint Milliseconds()
        {
            TimeSpec time = Time(ClockMonotonicCoarse);
            return ((nuint)time.Seconds * 1000) + ((nuint)time.Nanoseconds / 1_000_000);
        }

        internal static ulong Nanoseconds() => Total(Time(ClockMonotonic));

        internal static ulong ThreadNanoseconds() => Total(Time(ClockThread));

        /// <summary>Fills memory with random bytes; returns false if the system has none yet.</summary>
        internal static bool TryGetRandom(void* bytes, nuint count)
        {
            const nint NonBlocking = 1;
            return SystemCall(CallGetrandom, (nint)bytes, (nint)count, NonBlocking, 0, 0, 0) == (nint)count;
        }

        internal static ulong TotalMemory()
        {
            SystemInformation information = default;
            nint result = SystemCall(CallSysinfo, (nint)(&information), 0, 0, 0, 0, 0);
            return result == 0 ? information.Total * information.Unit : 0;
        }

        internal static uint CurrentProcessor()
        {
            uint processor = 0;
            return SystemCall(CallGetcpu, (nint)(&processor), 0, 0, 0, 0, 0) == 0 ? processor : 0;
        }

        internal static bool TryGetProcessors(System.Span<ulong> bits)
        {
            fixed (ulong* first = bits)
            {
                nint bytes = bits.Length * sizeof(ulong);
                return SystemCall(CallSchedGetaffinity, 0, bytes, (nint)first, 0, 0, 0) > 0;
            }
        }

        internal static void Wait(uint* word, uint value) =>
            _ = SystemCall(CallFutex, (nint)word, FutexWaitPrivate, (nint)value, 0, 0, 0);

        internal static void Wait(uint* word, uint value, nuint milliseconds)
        {
            TimeSpec time = new()
            {
                Seconds = (nint)(milliseconds / 1000),
                Nanoseconds = (nint)(milliseconds % 1000) * 1_000_000,
            };
            _ = SystemCall(CallFutex, (nint)word, FutexWaitPrivate, (nint)value, (nint)(&time), 0, 0);
        }

        internal static void NameThread(System.ReadOnlySpan<byte> name)
        {
            const nint SetName = 15;
            fixed (byte* text = name)
            {
                _ = SystemCall(CallPrctl, SetName, (nint)text, 0, 0, 0, 0);
            }
        }

        internal static void Wake(uint* word) =>
            _ = SystemCall(CallFutex, (nint)word, FutexWakePrivate, int.MaxValue, 0, 0, 0);

        /// <summary>Sends a signal to the calling thread.</summary>
        internal static void Raise(int signal) =>
            _ = SystemCall(CallTgkill, ProcessId(), ThreadId(), signal, 0, 0, 0);

        /// <summary>
        /// Raises SIGABRT; if the process survives it, exits with the status of that signal.
        /// </summary>
        internal static void Abort()
        {
            Raise(SignalAbort);
            _ = SystemCall(CallExitGroup, 128 + SignalAbort, 0, 0, 0, 0, 0);
        }

        /// <summary>Ends the process at once, without the functions that run at exit.</summary>
        internal static void Exit(int code) => _ = SystemCall(CallExitGroup, code, 0, 0, 0, 0, 0);

        internal static nuint ExecutablePath(byte* path, nuint size) =>
            ReadLink("/proc/self/exe\0"u8, path, size);

        /// <summary>Reads the target of a link; 0 if there is no such link.</summary>
        internal static nuint ReadLink(System.ReadOnlySpan<byte> path, byte* target, nuint size)
        {
            fixed (byte* link = path)
            {
                nint length = SystemCall(
                    CallReadlinkat, CurrentFolder, (nint)link, (nint)target, (nint)size, 0, 0);
                return length < 0 ? 0 : (nuint)length;
            }
        }

        internal static bool TryGetCurrentFolder(byte* path, nuint size) =>
            SystemCall(CallGetcwd, (nint)path, (nint)size, 0, 0, 0, 0) > 0 && *path == '/';

        // A program with file capabilities runs as the caller's user, but the kernel makes its process
        // undumpable.
        internal static bool HasElevatedRights()
        {
            const nint GetDumpable = 3, Dumpable = 1;
            return SystemCall(CallGetuid, 0, 0, 0, 0, 0, 0) != SystemCall(CallGeteuid, 0, 0, 0, 0, 0, 0)
                || SystemCall(CallGetgid, 0, 0, 0, 0, 0, 0) != SystemCall(CallGetegid, 0, 0, 0, 0, 0, 0)
                || SystemCall(CallPrctl, GetDumpable, 0, 0, 0, 0, 0) != Dumpable;
        }

        internal static ulong FileIdentity(int descriptor, out bool appends)
        {
            const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;
            FileStatus status = default;
            appends = false;
            if (SystemCall(CallFstat, descriptor, (nint)(&status), 0, 0, 0, 0) != 0)
            {
                return 0;
            }

            uint kind = *(uint*)((byte*)&status + StatusModeOffset) & KindMask;
            appends = kind is CharacterDevice or Pipe
                || (SystemCall(CallFcntl, descriptor, GetStatusFlags, 0, 0, 0, 0) & Append) != 0;
            return ((status.Device * GoldenRatio) ^ status.File) * GoldenRatio | 1;
        }

        internal static nint Open(byte* path, int flags, int mode) =>
            SystemCall(CallOpenat, CurrentFolder, (nint)path, flags, mode, 0, 0);

        internal static nint OpenForReading(byte* path)
        {
            const int CloseOnExec = 0x80000;
            return Open(path, CloseOnExec, 0);
        }

        /// <summary>Finds the mapping that contains an address, since Linux 6.11.</summary>
        /// <param name="maps">The open file <c>/proc/self/maps</c>.</param>
        /// <param name="query">The kernel's <c>struct procmap_query</c>, of 104 bytes.</param>
        internal static nint QueryMapping(nint maps, void* query)
        {
            const uint ProcmapQuery = 0xC068_6611;
            return SystemCall(CallIoctl, maps, unchecked((nint)ProcmapQuery), (nint)query, 0, 0, 0);
        }

        internal static nint Read(nint descriptor, byte* bytes, nuint size) =>
            SystemCall(CallRead, descriptor, (nint)bytes, (nint)size, 0, 0, 0);

        internal static void Close(nint descriptor) => _ = SystemCall(CallClose, descriptor, 0, 0, 0, 0, 0);

        internal static bool Rename(byte* from, byte* to) =>
            SystemCall(CallRenameat, CurrentFolder, (nint)from, CurrentFolder, (nint)to, 0, 0) == 0;

        internal static void Delete(byte* path) =>
            _ = SystemCall(CallUnlinkat, CurrentFolder, (nint)path, 0, 0, 0, 0);

        private static partial nint MapMemory(void* at, nuint size, int protection, int flags) =>
            SystemCall(CallMmap, (nint)at, (nint)size, protection, flags, -1, 0);

        private static partial nint UnmapMemory(void* start, nuint size) =>
            SystemCall(CallMunmap, (nint)start, (nint)size, 0, 0, 0, 0);

        private static partial nint ProtectMemory(void* start, nuint size, int protection) =>
            SystemCall(CallMprotect, (nint)start, (nint)size, protection, 0, 0, 0);

        private static partial nint Advise(void* start, nuint size, int advice) =>
            SystemCall(CallMadvise, (nint)start, (nint)size, advice, 0, 0, 0);

        private static partial nint GetResidency(void* start, nuint size, byte* pages) =>
            SystemCall(CallMincore, (nint)start, (nint)size, (nint)pages, 0, 0, 0);

        private static partial nint Remap(void* from, nuint oldSize, nuint newSize, int flags, void* to) =>
            SystemCall(CallMremap, (nint)from, (nint)oldSize, (nint)newSize, flags, (nint)to, 0);

        internal static partial nint FilterMode()
        {
            const nint GetSeccomp = 21;
            return SystemCall(CallPrctl, GetSeccomp, 0, 0, 0, 0, 0);
        }

        private static partial nint GetLimit(int resource, ResourceLimit* limit) =>
            SystemCall(CallPrlimit, 0, resource, 0, (nint)limit, 0, 0);

        private static partial nint GetSignalStack(SignalStack* stack) =>
            SystemCall(CallSigaltstack, 0, (nint)stack, 0, 0, 0, 0);

        private static partial nint WriteBytes(int descriptor, byte* bytes, nuint count) =>
            SystemCall(CallWrite, descriptor, (nint)bytes, (nint)count, 0, 0, 0);

        internal static partial nuint Break(nuint address) =>
            (nuint)SystemCall(CallBrk, (nint)address, 0, 0, 0, 0, 0);

        /// <summary>Makes a system call. Implemented in the assembly shim.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        [RuntimeImport("*", "quarry_syscall")]
        private static extern nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

        private struct TimeSpec
        {
            public nint Seconds;
            public nint Nanoseconds;
        }

        /// <summary>
        /// The kernel's <c>struct stat</c>. Only these fields have the same offset on all architectures.
        /// </summary>
        private struct FileStatus
        {
            public ulong Device;
            public ulong File;
            public fixed ulong Others[16];
        }

        /// <summary>The kernel's <c>struct sysinfo</c>; its tail is padding.</summary>
        private struct SystemInformation
        {
            public nint Uptime;
            public fixed ulong Loads[3];
            public ulong Total;
            public ulong Free;
            public fixed ulong SharedBufferedAndSwap[4];
            public ushort Processes;
            public fixed ulong High[2];
            public uint Unit;
        }
    }
}
