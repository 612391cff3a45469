using System;
using System.Runtime.InteropServices;

namespace Quarry;

/// <content>Windows, through kernel32. No images are built for it.</content>
internal static unsafe partial class Os
{
    internal static unsafe partial class Windows
    {
        /// <summary>The alignment of reserved ranges, in bytes.</summary>
        internal const nuint AllocationGranularity = 64 * 1024;

        private const uint CommitPages = 0x1000, ReservePages = 0x2000, ResetPages = 0x80000;
        private const uint DecommitPages = 0x4000, ReleasePages = 0x8000;
        private const uint NoAccess = 0x01, ReadOnly = 0x02, ReadWrite = 0x04, Guard = 0x100;
        private const uint Synchronize = 0x0010_0000, QueryLimitedInformation = 0x0800;
        private const int InvalidParameter = 87;
        private const uint Signalled = 0;
        private const int StandardOutput = -11, StandardErrors = -12;

        // Another thread may reserve the addresses first, but not 16 times in a row.
        private const int Attempts = 16;

        /// <summary>Reserves address space; returns null if none is available.</summary>
        internal static void* Reserve(nuint size, nuint alignment)
        {
            Platform.ThrowIfUnsupported();
            if (alignment <= AllocationGranularity)
            {
                return VirtualAlloc(null, size, ReservePages, NoAccess);
            }

            if (size > Layout.MaxSize - alignment)
            {
                return null;
            }

            // A range can be released only as a whole, so a surplus cannot be trimmed: reserve a larger
            // range, release it, and reserve its aligned part.
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

        internal static void* Map(nuint size) =>
            VirtualAlloc(null, size, ReservePages | CommitPages, ReadWrite);

        /// <summary>
        /// Makes reserved pages accessible. Pages that already are accessible keep their contents.
        /// </summary>
        internal static bool Commit(void* start, nuint size) =>
            VirtualAlloc(start, size, CommitPages, ReadWrite) != null;

        /// <summary>Makes committed pages writable or read-only.</summary>
        internal static bool Protect(void* start, nuint size, bool writable) =>
            VirtualProtect(start, size, writable ? ReadWrite : ReadOnly, out _);

        internal static void Decommit(void* start, nuint size) => _ = VirtualFree(start, size, DecommitPages);

        /// <summary>
        /// Frees the physical memory behind pages, which stay accessible. Their contents are then undefined.
        /// </summary>
        internal static void Reset(void* start, nuint size)
        {
            // The first call marks the contents as unneeded. The second one fails, as nothing is locked, but
            // removes the pages from the working set.
            _ = VirtualAlloc(start, size, ResetPages, ReadWrite);
            _ = VirtualUnlock(start, size);
        }

        /// <summary>Releases a whole range, given its first address.</summary>
        internal static void Release(void* start) => _ = VirtualFree(start, 0, ReleasePages);

        internal static nuint Resident(void* start, nuint size)
        {
            const int Pages = 256;
            WorkingSetEntry* entries = stackalloc WorkingSetEntry[Pages];
            nuint resident = 0;
            for (nuint offset = 0; offset < size; offset += Pages * PageSize)
            {
                nuint step = nuint.Min(size - offset, Pages * PageSize) / PageSize;
                for (nuint page = 0; page < step; page++)
                {
                    byte* address = (byte*)start + offset + (page * PageSize);
                    entries[page] = new WorkingSetEntry { Address = address, Attributes = 0 };
                }

                uint bytes = (uint)step * (uint)sizeof(WorkingSetEntry);
                bool known = QueryWorkingSetEx(CurrentProcess, entries, bytes);
                for (nuint page = 0; known && page < step; page++)
                {
                    resident += (entries[page].Attributes & 1) * PageSize;
                }
            }

            return resident;
        }

        internal static bool IsReadable(void* start)
        {
            MemoryInformation found = default;
            return VirtualQuery(start, &found, (nuint)sizeof(MemoryInformation)) != 0
                && found.State == CommitPages
                && (found.Protection & (NoAccess | Guard)) == 0;
        }

        internal static int ThreadId() => GetCurrentThreadId();

        internal static bool ThreadHasEnded(int processId, int threadId)
        {
            nint thread = OpenThread(Synchronize | QueryLimitedInformation, 0, threadId);
            if (thread == 0)
            {
                return Marshal.GetLastPInvokeError() == InvalidParameter;
            }

            // A thread that has ended keeps its ID while a handle to it is open.
            bool ended = GetProcessIdOfThread(thread) != processId
                || WaitForSingleObject(thread, 0) == Signalled;
            _ = CloseHandle(thread);
            return ended;
        }

        internal static bool Write(int descriptor, byte* bytes, nuint count)
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
                    return false;
                }

                bytes += written;
                count -= written;
            }

            return true;
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
        private static partial nuint VirtualQuery(void* address, MemoryInformation* found, nuint size);

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

        /// <summary>MEMORY_BASIC_INFORMATION of 64-bit processes.</summary>
        private struct MemoryInformation
        {
            public void* Base;
            public void* AllocationBase;
            public uint AllocationProtection;
            public uint Partition;
            public nuint Size;
            public uint State;
            public uint Protection;
            public uint Type;
            public uint Padding;
        }

        private struct WorkingSetEntry
        {
            public void* Address;
            public nuint Attributes;
        }
    }
}
