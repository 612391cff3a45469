using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry;

/// <summary>Windows, through kernel32. There are no images for it, so it is for the JIT only.</summary>
internal static unsafe partial class WindowsOs
{
    /// <summary>Where ranges begin: at multiples of this, in bytes.</summary>
    internal const nuint AllocationGranularity = 64 * 1024;

    private const uint CommitPages = 0x1000, ReservePages = 0x2000, ResetPages = 0x80000;
    private const uint DecommitPages = 0x4000, ReleasePages = 0x8000;
    private const uint NoAccess = 0x01, ReadOnly = 0x02, ReadWrite = 0x04;
    private const uint Synchronize = 0x0010_0000, QueryLimitedInformation = 0x0800;
    private const int InvalidParameter = 87;
    private const uint Signalled = 0;
    private const int StandardOutput = -11, StandardErrors = -12;

    // Another thread may take the place that was found, again and again; not so often.
    private const int Attempts = 16;

    /// <summary>Address space that may not be touched yet; null if there is none.</summary>
    internal static void* Reserve(nuint size, nuint alignment)
    {
        if (alignment <= AllocationGranularity)
        {
            return VirtualAlloc(null, size, ReservePages, NoAccess);
        }

        if (size > Layout.MaxSize - alignment)
        {
            return null;
        }

        // A range is released as a whole, so a surplus cannot be cut off: look for a place, and take it.
        void* taken = null;
        for (int attempt = 0; taken == null && attempt < Attempts; attempt++)
        {
            void* place = VirtualAlloc(null, size + alignment, ReservePages, NoAccess);
            if (place == null)
            {
                return null;
            }

            Release(place);
            void* aligned = (void*)Layout.AlignUp((nuint)place, alignment);
            taken = VirtualAlloc(aligned, size, ReservePages, NoAccess);
        }

        return taken;
    }

    /// <summary>Fresh zeroed pages; null if there are none.</summary>
    internal static void* Map(nuint size) =>
        VirtualAlloc(null, size, ReservePages | CommitPages, ReadWrite);

    /// <summary>Makes reserved pages usable; what is usable already stays as it is.</summary>
    internal static bool Commit(void* start, nuint size) =>
        VirtualAlloc(start, size, CommitPages, ReadWrite) != null;

    /// <summary>Says whether committed pages may be written to, or only read.</summary>
    internal static bool Protect(void* start, nuint size, bool writable) =>
        VirtualProtect(start, size, writable ? ReadWrite : ReadOnly, out _);

    /// <summary>Makes pages inaccessible, and gives the memory behind them back.</summary>
    internal static void Decommit(void* start, nuint size) => _ = VirtualFree(start, size, DecommitPages);

    /// <summary>
    /// Lets the system take the memory behind pages, which stay usable. Nobody knows what they hold then.
    /// </summary>
    internal static void Reset(void* start, nuint size)
    {
        // The one says that the contents need not be kept; the other, which fails as nothing is locked, takes
        // the pages out of the working set nevertheless.
        _ = VirtualAlloc(start, size, ResetPages, ReadWrite);
        _ = VirtualUnlock(start, size);
    }

    /// <summary>Gives a whole range back, by the address it was got with.</summary>
    internal static void Release(void* start) => _ = VirtualFree(start, 0, ReleasePages);

    /// <summary>Bytes of a range that physical memory backs.</summary>
    internal static nuint Resident(void* start, nuint size)
    {
        const int Pages = 256;
        WorkingSetEntry* entries = stackalloc WorkingSetEntry[Pages];
        nuint resident = 0;
        for (nuint offset = 0; offset < size; offset += Pages * LinuxOs.PageSize)
        {
            nuint step = nuint.Min(size - offset, Pages * LinuxOs.PageSize) / LinuxOs.PageSize;
            for (nuint page = 0; page < step; page++)
            {
                byte* address = (byte*)start + offset + (page * LinuxOs.PageSize);
                entries[page] = new WorkingSetEntry { Address = address, Attributes = 0 };
            }

            uint bytes = (uint)step * (uint)sizeof(WorkingSetEntry);
            bool known = QueryWorkingSetEx(CurrentProcess, entries, bytes);
            for (nuint page = 0; known && page < step; page++)
            {
                resident += (entries[page].Attributes & 1) * LinuxOs.PageSize;
            }
        }

        return resident;
    }

    internal static int ProcessId() => Environment.ProcessId;

    internal static int ThreadId() => GetCurrentThreadId();

    /// <summary>
    /// Whether a thread of this process has ended. A number that was given to a new thread does not count.
    /// </summary>
    internal static bool ThreadHasEnded(int processId, int threadId)
    {
        nint thread = OpenThread(Synchronize | QueryLimitedInformation, 0, threadId);
        if (thread == 0)
        {
            return Marshal.GetLastPInvokeError() == InvalidParameter;
        }

        // The number of an ended thread is kept as long as somebody has a handle to it.
        bool ended = GetProcessIdOfThread(thread) != processId || WaitForSingleObject(thread, 0) == Signalled;
        _ = CloseHandle(thread);
        return ended;
    }

    internal static void Yield() => _ = Thread.Yield();

    internal static nuint Milliseconds() => (nuint)Environment.TickCount64;

    /// <summary>Writes all bytes to a handle, or to standard output (1) or error (2).</summary>
    internal static void Write(int descriptor, byte* bytes, nuint count)
    {
        nint handle = descriptor switch
        {
            1 => GetStdHandle(StandardOutput),
            2 => GetStdHandle(StandardErrors),
            _ => descriptor,
        };
        while (count > 0)
        {
            uint step = (uint)nuint.Min(count, int.MaxValue);
            if (!WriteFile(handle, bytes, step, out uint written, 0) || written == 0)
            {
                return;
            }

            bytes += written;
            count -= written;
        }
    }

    internal static void Abort() => Environment.FailFast(null);

    private static nint CurrentProcess => -1;

    [LibraryImport("kernel32")]
    private static partial void* VirtualAlloc(void* address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualProtect(void* start, nuint size, uint protection, out uint before);

    [LibraryImport("kernel32")]
    private static partial int VirtualFree(void* address, nuint size, uint type);

    [LibraryImport("kernel32")]
    private static partial int VirtualUnlock(void* address, nuint size);

    [LibraryImport("kernel32", EntryPoint = "K32QueryWorkingSetEx")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool QueryWorkingSetEx(nint process, WorkingSetEntry* entries, uint bytes);

    [LibraryImport("kernel32")]
    private static partial int GetCurrentThreadId();

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial nint OpenThread(uint access, int inherit, int threadId);

    [LibraryImport("kernel32")]
    private static partial int GetProcessIdOfThread(nint thread);

    [LibraryImport("kernel32")]
    private static partial uint WaitForSingleObject(nint handle, uint milliseconds);

    [LibraryImport("kernel32")]
    private static partial int CloseHandle(nint handle);

    [LibraryImport("kernel32")]
    private static partial nint GetStdHandle(int which);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool WriteFile(
        nint handle, byte* bytes, uint count, out uint written, nint overlapped);

    private struct WorkingSetEntry
    {
        public void* Address;
        public nuint Attributes;
    }
}
