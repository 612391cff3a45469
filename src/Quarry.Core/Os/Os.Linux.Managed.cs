using System;
using System.Runtime.InteropServices;

namespace Quarry;

/// <content>Linux from .NET: functions of the C library, which are the same on all architectures.</content>
internal static unsafe partial class Os
{
    internal static unsafe partial class Linux
    {
        private const nint NotSupported = -38;
        private const int NoSuchFile = 2, AddressFault = 14;
        private const int MapFixedNoReplace = 0x10_0000;

        // Null before glibc 2.30; .NET supports 2.27.
        private static readonly delegate* unmanaged<int> s_getThreadId =
            (delegate* unmanaged<int>)Find("gettid");

        private static nuint HardwarePageSize => PageSize;

        [ThreadStatic]
        private static int t_threadId;

        internal static int ThreadId()
        {
            if (t_threadId == 0)
            {
                t_threadId = s_getThreadId != null ? s_getThreadId() : ThreadIdFromLink();
            }

            return t_threadId;
        }

        /// <remarks>The directory disappears with the thread, so the process ID is not needed.</remarks>
        internal static bool ThreadHasEnded(int threadId)
        {
            TextBuffer path = new(stackalloc byte[64]);
            path.Append("/proc/self/task/"u8);
            path.Append((nuint)threadId);
            path.Append((byte)0);
            return !Exists(path.Text) && Exists("/proc/self/task\0"u8);
        }

        internal static void Abort() => AbortProcess();

        /// <remarks>
        /// The kernel copies the event before it looks at the descriptors, which are invalid. Of the calls
        /// that report an inaccessible address, this one has no effect and reads 16 bytes at most.
        /// </remarks>
        internal static bool IsReadable(void* start) =>
            EpollControl(-1, 1, -1, start) == 0 || Marshal.GetLastPInvokeError() != AddressFault;

        /// <summary>Does what <see cref="Blank"/> does, but only if nothing is mapped in the range.</summary>
        internal static bool TryBlankVacant(void* start, nuint size)
        {
            const int Flags = MapPrivate | MapAnonymous | MapNoReserve | MapFixedNoReplace;
            nint place = MapMemory(start, size, ProtectionRead, Flags);
            if (place == (nint)start)
            {
                ExcludeFromDumps(start, size);
                return true;
            }

            // Kernels before 4.17 do not know the flag, and take the address as a hint.
            if (!IsError(place))
            {
                Unmap((void*)place, size);
            }

            return false;
        }

        private static partial nint MapMemory(void* at, nuint size, int protection, int flags)
        {
            Platform.ThrowIfUnsupported();
            return OperatingSystem.IsLinux()
                ? Result(Mmap(at, size, protection, flags, -1, 0))
                : NotSupported;
        }

        private static partial nint UnmapMemory(void* start, nuint size) => Result(Munmap(start, size));

        private static partial nint ProtectMemory(void* start, nuint size, int protection) =>
            Result(Mprotect(start, size, protection));

        private static partial nint Advise(void* start, nuint size, int advice) =>
            Result(Madvise(start, size, advice));

        private static partial nint GetResidency(void* start, nuint size, byte* pages) =>
            Result(Mincore(start, size, pages));

        private static partial nint Remap(void* from, nuint oldSize, nuint newSize, int flags, void* to) =>
            Result(Mremap(from, oldSize, newSize, flags, to));

        internal static partial nint FilterMode()
        {
            const int GetSeccomp = 21;
            return OperatingSystem.IsLinux() ? Result(Prctl(GetSeccomp, 0, 0, 0, 0)) : NotSupported;
        }

        private static partial nint GetLimit(int resource, ResourceLimit* limit) =>
            OperatingSystem.IsLinux() ? Result(Getrlimit(resource, limit)) : NotSupported;

        private static partial nint GetSignalStack(SignalStack* stack) => Result(Sigaltstack(null, stack));

        private static partial nint WriteBytes(int descriptor, byte* bytes, nuint count) =>
            Result(WriteTo(descriptor, bytes, count));

        internal static partial nuint Break(nuint address)
        {
            if (!OperatingSystem.IsLinux() || (address != 0 && Brk((void*)address) != 0))
            {
                return 0;
            }

            nint end = Sbrk(0);
            return end == -1 ? 0 : (nuint)end;
        }

        private static nint Result(nint value) => value == -1 ? -Marshal.GetLastPInvokeError() : value;

        private static bool Exists(ReadOnlySpan<byte> path)
        {
            fixed (byte* name = path)
            {
                return Access(name, 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchFile;
            }
        }

        // The target of the link is PROCESS/task/THREAD.
        internal static int ThreadIdFromLink()
        {
            Span<byte> text = stackalloc byte[64];
            fixed (byte* link = "/proc/thread-self\0"u8, target = text)
            {
                int length = (int)Readlink(link, target, (nuint)text.Length);
                ReadOnlySpan<byte> path = text[..int.Max(length, 0)];
                ReadOnlySpan<byte> number = path[(path.LastIndexOf((byte)'/') + 1)..];
                return int.TryParse(number, out int threadId) ? threadId : 0;
            }
        }

        private static nint Find(string function) =>
            NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), function, out nint address)
                ? address
                : 0;

        [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
        private static partial nint Mmap(
            void* at, nuint size, int protection, int flags, int descriptor, nint offset);

        [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
        private static partial int Munmap(void* start, nuint size);

        [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
        private static partial int Mprotect(void* start, nuint size, int protection);

        [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
        private static partial int Madvise(void* start, nuint size, int advice);

        [LibraryImport("libc", EntryPoint = "mincore", SetLastError = true)]
        private static partial int Mincore(void* start, nuint size, byte* pages);

        [LibraryImport("libc", EntryPoint = "mremap", SetLastError = true)]
        private static partial nint Mremap(void* from, nuint oldSize, nuint newSize, int flags, void* to);

        [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
        private static partial int Prctl(int operation, nuint second, nuint third, nuint fourth, nuint fifth);

        [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
        private static partial int Getrlimit(int resource, ResourceLimit* limit);

        [LibraryImport("libc", EntryPoint = "sigaltstack", SetLastError = true)]
        private static partial int Sigaltstack(SignalStack* fresh, SignalStack* current);

        [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
        private static partial nint WriteTo(int descriptor, byte* bytes, nuint count);

        [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
        private static partial int EpollControl(int epoll, int operation, int descriptor, void* change);

        [LibraryImport("libc", EntryPoint = "brk")]
        private static partial int Brk(void* address);

        [LibraryImport("libc", EntryPoint = "sbrk")]
        private static partial nint Sbrk(nint increment);

        [LibraryImport("libc", EntryPoint = "access", SetLastError = true)]
        private static partial int Access(byte* path, int mode);

        [LibraryImport("libc", EntryPoint = "readlink")]
        private static partial nint Readlink(byte* path, byte* target, nuint size);

        [LibraryImport("libc", EntryPoint = "abort")]
        private static partial void AbortProcess();
    }
}
