namespace Quarry;

/// <content>Linux: the code that native images and the library share.</content>
internal static unsafe partial class Os
{
    /// <summary>
    /// Represents Linux, on top of one method for each system call. An image makes these calls itself; the
    /// library makes them through the C library.
    /// </summary>
    /// <remarks>On failure, a system call returns the negated error number.</remarks>
    internal static unsafe partial class Linux
    {
        private const int ProtectionNone = 0, ProtectionRead = 1, ProtectionReadWrite = 3;
        private const int MapPrivate = 0x02, MapFixed = 0x10, MapAnonymous = 0x20, MapNoReserve = 0x4000;
        private const int AdviceDontNeed = 4, AdviceHugePage = 14, AdviceNoHugePage = 15;
        private const int AdviceDontDump = 16, AdviceDoDump = 17, AdviceCollapse = 25;
        private const int RemapMayMove = 1, RemapFixed = 2;
        private const int LimitData = 2, LimitAddressSpace = 9;
        private const nint Interrupted = -4, BadAddress = -14, InvalidArgument = -22;

        /// <summary>
        /// Reserves address space, which must be committed before use. It counts against RLIMIT_AS only.
        /// </summary>
        internal static void* Reserve(nuint size)
        {
            void* start = MapAnonymousPages(size, ProtectionNone);
            if (start != null)
            {
                ExcludeFromDumps(start, size);
            }

            return start;
        }

        internal static void* Map(nuint size) => MapAnonymousPages(size, ProtectionReadWrite);

        internal static void Unmap(void* start, nuint size) => _ = UnmapMemory(start, size);

        /// <summary>Makes reserved pages accessible.</summary>
        /// <returns>
        /// False if out of memory: strict overcommit and RLIMIT_DATA charge the pages here.
        /// </returns>
        internal static bool Commit(void* start, nuint size)
        {
            if (ProtectMemory(start, size, ProtectionReadWrite) != 0)
            {
                return false;
            }

            // If this fails, core dumps are incomplete, but the memory is usable.
            _ = Advise(start, size, AdviceDoDump);
            return true;
        }

        internal static void Decommit(void* start, nuint size)
        {
            _ = ProtectMemory(start, size, ProtectionNone);
            _ = Purge(start, size);
            ExcludeFromDumps(start, size);
        }

        internal static bool MakeReadOnly(void* start, nuint size) =>
            ProtectMemory(start, size, ProtectionRead) == 0;

        internal static bool MakeWritable(void* start, nuint size) =>
            ProtectMemory(start, size, ProtectionReadWrite) == 0;

        /// <summary>Frees the physical memory behind committed pages, which then read as zeros.</summary>
        internal static bool Purge(void* start, nuint size) => Advise(start, size, AdviceDontNeed) == 0;

        internal static nuint Resident(void* start, nuint size)
        {
            const int Pages = 1024, SmallestPage = 4096;
            byte* present = stackalloc byte[Pages];
            nuint resident = 0;

            // For the smallest pages: an emulator of larger ones writes an entry for each page of its host.
            nuint most = Pages * SmallestPage;
            for (nuint offset = 0; offset < size; offset += most)
            {
                nuint step = size - offset < most ? size - offset : most;
                nint result = GetResidency((byte*)start + offset, step, present);
                for (nuint page = 0; result == 0 && page < step / HardwarePageSize; page++)
                {
                    resident += (nuint)(present[page] & 1) * HardwarePageSize;
                }
            }

            return resident;
        }

        internal static void AvoidHugePages(void* start, nuint size) =>
            _ = Advise(start, size, AdviceNoHugePage);

        internal static void PreferHugePages(void* start, nuint size) =>
            _ = Advise(start, size, AdviceHugePage);

        internal static bool TryCollapse(void* start, nuint size) =>
            Advise(start, size, AdviceCollapse) != InvalidArgument;

        /// <summary>Changes the size of a committed mapping in place.</summary>
        internal static bool TryResize(void* start, nuint oldSize, nuint newSize) =>
            Remap(start, oldSize, newSize, 0, null) == (nint)start;

        /// <summary>
        /// Moves a committed mapping onto a reserved range that is at least as large, and commits the rest of
        /// that range. If this fails, both are unchanged.
        /// </summary>
        /// <remarks>
        /// Before Linux 6.17, mremap unmaps the target first and checks the request afterwards: when it
        /// fails, another thread may already have a mapping there, which the caller would unmap. Everything
        /// that mremap checks is therefore ensured beforehand. Committing the end of the target charges the
        /// bytes by which the range grows; no thread of the process can use up that charge while mremap
        /// replaces the target. A resize that cannot succeed tests whether the source is a single mapping: it
        /// fails with EFAULT if the source spans several mappings, and with another error otherwise.
        /// </remarks>
        internal static bool TryMove(void* from, nuint oldSize, void* to, nuint newSize)
        {
            byte* tail = (byte*)to + oldSize;
            nuint grown = newSize - oldSize;
            if (grown != 0 && !Commit(tail, grown))
            {
                return false;
            }

            nuint impossible = Layout.AlignDown(Layout.MaxSize, PageSize);
            if (Remap(from, oldSize, impossible, 0, null) != BadAddress
                && Remap(from, oldSize, newSize, RemapMayMove | RemapFixed, to) == (nint)to)
            {
                return true;
            }

            if (grown != 0)
            {
                Decommit(tail, grown);
            }

            return false;
        }

        /// <summary>
        /// Replaces a mapping by a read-only one that reads as zeros and has no memory behind it.
        /// </summary>
        internal static bool Blank(void* start, nuint size)
        {
            const int Flags = MapPrivate | MapAnonymous | MapNoReserve | MapFixed;
            bool blank = MapMemory(start, size, ProtectionRead, Flags) == (nint)start;
            if (blank)
            {
                ExcludeFromDumps(start, size);
            }

            return blank;
        }

        internal static bool IsOnSignalStack()
        {
            const int OnStack = 1;
            SignalStack stack = default;
            return GetSignalStack(&stack) == 0 && (stack.Flags & OnStack) != 0;
        }

        internal static nuint AddressSpaceLimit()
        {
            nuint addressSpace = Limit(LimitAddressSpace);
            nuint data = Limit(LimitData);
            return addressSpace < data ? addressSpace : data;
        }

        internal static bool Write(int descriptor, byte* bytes, nuint count)
        {
            while (count > 0)
            {
                nint written = WriteBytes(descriptor, bytes, count);
                if (written > 0)
                {
                    bytes += written;
                    count -= (nuint)written;
                }
                else if (written != Interrupted)
                {
                    return false;
                }
            }

            return true;
        }

        // Otherwise a core dump, or gdb's gcore, would walk and write all of the reserved address space.
        private static void ExcludeFromDumps(void* start, nuint size) =>
            _ = Advise(start, size, AdviceDontDump);

        private static void* MapAnonymousPages(nuint size, int protection)
        {
            nint result = MapMemory(null, size, protection, MapPrivate | MapAnonymous | MapNoReserve);
            return IsError(result) ? null : (void*)result;
        }

        private static nuint Limit(int resource)
        {
            ResourceLimit limit = default;
            return GetLimit(resource, &limit) == 0 ? limit.Current : nuint.MaxValue;
        }

        // The last 4095 values are error numbers; no address or count is among them.
        private static bool IsError(nint result) => (nuint)result >= unchecked((nuint)(-4095));

        private static partial nint MapMemory(void* at, nuint size, int protection, int flags);

        private static partial nint UnmapMemory(void* start, nuint size);

        private static partial nint ProtectMemory(void* start, nuint size, int protection);

        private static partial nint Advise(void* start, nuint size, int advice);

        private static partial nint GetResidency(void* start, nuint size, byte* pages);

        private static partial nint Remap(void* from, nuint oldSize, nuint newSize, int flags, void* to);

        /// <summary>
        /// Gets a number that changes when the process first installs a filter of system calls: 0 before, or
        /// an error if the kernel has no filters.
        /// </summary>
        internal static partial nint FilterMode();

        private static partial nint GetLimit(int resource, ResourceLimit* limit);

        private static partial nint GetSignalStack(SignalStack* stack);

        private static partial nint WriteBytes(int descriptor, byte* bytes, nuint count);

        /// <summary>
        /// Moves the program break to an address, or leaves it unchanged if the address is 0.
        /// </summary>
        /// <returns>The program break; 0 if unknown.</returns>
        internal static partial nuint Break(nuint address);

        private struct SignalStack
        {
            public void* Start;
            public int Flags;
            public nuint Size;
        }

        private struct ResourceLimit
        {
            public nuint Current;
            public nuint Maximum;
        }
    }
}
