namespace Quarry;

/// <summary>
/// Linux, through nothing but system calls: no library is needed, none can be in the way.
/// </summary>
/// <remarks>
/// Everything is written over <see cref="SystemCall"/>, the one member whose implementation differs between
/// an image without a runtime and the library on the JIT. The numbers of the calls are in the file of each
/// architecture. What is not for Linux alone calls <c>Os</c> instead.
/// </remarks>
internal static unsafe partial class LinuxOs
{
    /// <summary>
    /// The unit of mapping and protection. 64 KiB slices are multiples of every page size Linux uses.
    /// </summary>
    internal const nuint PageSize = 4096;

    internal const int StandardError = 2;

    private const int ProtectionNone = 0, ProtectionRead = 1, ProtectionReadWrite = 3;
    private const int MapPrivate = 0x02, MapFixed = 0x10, MapAnonymous = 0x20, MapNoReserve = 0x4000;
    private const int AdviceDontNeed = 4, AdviceHugePage = 14, AdviceNoHugePage = 15;
    private const int RemapMayMove = 1, RemapFixed = 2;
    private const int ClockMonotonicCoarse = 6;
    private const int LimitData = 2, LimitAddressSpace = 9;
    private const int FutexWaitPrivate = 128, FutexWakePrivate = 129;
    private const int SignalAbort = 6;
    private const nint NoSuchThread = -3;

    /// <summary>
    /// Address space that may not be touched yet and that counts against no memory limit but ulimit -v.
    /// </summary>
    internal static void* Reserve(nuint size) => MapAnonymousPages(size, ProtectionNone);

    /// <summary>Fresh zeroed pages.</summary>
    internal static void* Map(nuint size) => MapAnonymousPages(size, ProtectionReadWrite);

    internal static void Unmap(void* start, nuint size) =>
        _ = SystemCall(CallMunmap, (nint)start, (nint)size, 0, 0, 0, 0);

    /// <summary>
    /// Makes reserved pages usable. Under strict overcommit this is where memory is charged, so it can
    /// fail.
    /// </summary>
    internal static bool Commit(void* start, nuint size) =>
        SystemCall(CallMprotect, (nint)start, (nint)size, ProtectionReadWrite, 0, 0, 0) == 0;

    /// <summary>
    /// Gives the physical pages back and makes their addresses what they were when reserved: not usable.
    /// </summary>
    internal static void Decommit(void* start, nuint size)
    {
        _ = SystemCall(CallMprotect, (nint)start, (nint)size, ProtectionNone, 0, 0, 0);
        _ = Discard(start, size);
    }

    /// <summary>Lets committed pages be read only: a write ends the process.</summary>
    internal static bool MakeReadOnly(void* start, nuint size) =>
        SystemCall(CallMprotect, (nint)start, (nint)size, ProtectionRead, 0, 0, 0) == 0;

    /// <summary>Lets pages that may only be read be written again.</summary>
    internal static bool MakeWritable(void* start, nuint size) => Commit(start, size);

    /// <summary>Gives the physical pages back; the next touch finds zeros.</summary>
    internal static bool Discard(void* start, nuint size) =>
        SystemCall(CallMadvise, (nint)start, (nint)size, AdviceDontNeed, 0, 0, 0) == 0;

    /// <summary>Bytes of a range that physical memory backs.</summary>
    internal static nuint Resident(void* start, nuint size)
    {
        const int Pages = 1024;
        byte* present = stackalloc byte[Pages];
        nuint resident = 0;
        for (nuint offset = 0; offset < size; offset += Pages * PageSize)
        {
            nuint step = size - offset < Pages * PageSize ? size - offset : Pages * PageSize;
            nint result = SystemCall(
                CallMincore, (nint)((byte*)start + offset), (nint)step, (nint)present, 0, 0, 0);
            for (nuint page = 0; result == 0 && page < step / PageSize; page++)
            {
                resident += (nuint)(present[page] & 1) * PageSize;
            }
        }

        return resident;
    }

    /// <summary>Keeps sparse tables from being backed by 2 MiB pages of which 4 KiB are used.</summary>
    internal static void AvoidHugePages(void* start, nuint size) =>
        _ = SystemCall(CallMadvise, (nint)start, (nint)size, AdviceNoHugePage, 0, 0, 0);

    /// <summary>Lets a range that will be used throughout be backed by 2 MiB pages.</summary>
    internal static void PreferHugePages(void* start, nuint size) =>
        _ = SystemCall(CallMadvise, (nint)start, (nint)size, AdviceHugePage, 0, 0, 0);

    /// <summary>Changes the size of a mapping where it lies.</summary>
    internal static bool Resize(void* start, nuint oldSize, nuint newSize) =>
        SystemCall(CallMremap, (nint)start, (nint)oldSize, (nint)newSize, 0, 0, 0) == (nint)start;

    /// <summary>Moves a mapping to an address, replacing what is there, and changes its size.</summary>
    internal static bool MoveMapping(void* from, nuint oldSize, void* to, nuint newSize) =>
        SystemCall(CallMremap, (nint)from, (nint)oldSize, (nint)newSize,
            RemapMayMove | RemapFixed, (nint)to, 0) == (nint)to;

    /// <summary>Moves the program break and returns it; 0 asks for it.</summary>
    internal static nuint Break(nuint address) => (nuint)SystemCall(CallBrk, (nint)address, 0, 0, 0, 0, 0);

    internal static int ProcessId() => (int)SystemCall(CallGetpid, 0, 0, 0, 0, 0, 0);

    internal static int ThreadId() => (int)SystemCall(CallGettid, 0, 0, 0, 0, 0, 0);

    /// <summary>Ends the process by SIGABRT, whatever it has to say about that.</summary>
    internal static void Abort()
    {
        _ = SystemCall(CallTgkill, ProcessId(), ThreadId(), SignalAbort, 0, 0, 0);
        _ = SystemCall(CallExitGroup, 128 + SignalAbort, 0, 0, 0, 0, 0);
    }

    /// <summary>
    /// Whether a thread of this process has ended. A number that was given to a new thread does not count.
    /// </summary>
    internal static bool ThreadHasEnded(int processId, int threadId) =>
        SystemCall(CallTgkill, processId, threadId, 0, 0, 0, 0) == NoSuchThread;

    /// <summary>Lets other threads run.</summary>
    internal static void Yield() => _ = SystemCall(CallSchedYield, 0, 0, 0, 0, 0, 0);

    /// <summary>A clock of some milliseconds' resolution that never goes backwards.</summary>
    internal static nuint Milliseconds()
    {
        TimeSpec time = default;
        _ = SystemCall(CallClockGettime, ClockMonotonicCoarse, (nint)(&time), 0, 0, 0, 0);
        return ((nuint)time.Seconds * 1000) + ((nuint)time.Nanoseconds / 1_000_000);
    }

    /// <summary>
    /// The stricter of the limits on address space and on private writable memory; the maximum if there is
    /// none.
    /// </summary>
    internal static nuint AddressSpaceLimit()
    {
        nuint addressSpace = Limit(LimitAddressSpace);
        nuint data = Limit(LimitData);
        return addressSpace < data ? addressSpace : data;
    }

    /// <summary>Writes all bytes to a descriptor, or as many as it takes.</summary>
    internal static void Write(int descriptor, byte* bytes, nuint count)
    {
        while (count > 0)
        {
            nint written = SystemCall(CallWrite, descriptor, (nint)bytes, (nint)count, 0, 0, 0);
            if (written <= 0)
            {
                return;
            }

            bytes += written;
            count -= (nuint)written;
        }
    }

    /// <summary>
    /// Puts a range without memory in the place of one that is mapped: it reads as zeros, and a write ends
    /// the process.
    /// </summary>
    internal static bool Blank(void* start, nuint size)
    {
        const int Flags = MapPrivate | MapAnonymous | MapNoReserve | MapFixed;
        return SystemCall(CallMmap, (nint)start, (nint)size, ProtectionRead, Flags, -1, 0) == (nint)start;
    }

    /// <summary>Sleeps until the word is not the value any more, or for no reason.</summary>
    internal static void Wait(uint* word, uint value) =>
        _ = SystemCall(CallFutex, (nint)word, FutexWaitPrivate, (nint)value, 0, 0, 0);

    /// <summary>Wakes all threads that sleep on the word.</summary>
    internal static void Wake(uint* word) =>
        _ = SystemCall(CallFutex, (nint)word, FutexWakePrivate, int.MaxValue, 0, 0, 0);

    /// <summary>Bytes of memory that the machine has; 0 if unknown.</summary>
    internal static ulong TotalMemory()
    {
        SystemInformation information = default;
        nint result = SystemCall(CallSysinfo, (nint)(&information), 0, 0, 0, 0, 0);
        return result == 0 ? information.Total * information.Unit : 0;
    }

    private static void* MapAnonymousPages(nuint size, int protection)
    {
        const int Flags = MapPrivate | MapAnonymous | MapNoReserve;
        nint result = SystemCall(CallMmap, 0, (nint)size, protection, Flags, -1, 0);
        return IsError(result) ? null : (void*)result;
    }

    private static nuint Limit(int resource)
    {
        ResourceLimit limit = default;
        nint result = SystemCall(CallPrlimit, 0, resource, 0, (nint)(&limit), 0, 0);
        return result == 0 ? limit.Current : nuint.MaxValue;
    }

    // The kernel returns the negated error number; no address or count lies in its last 4095 values.
    private static bool IsError(nint result) => (nuint)result >= unchecked((nuint)(-4095));

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    // The kernel's struct sysinfo; the tail is padding.
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

    private struct ResourceLimit
    {
        public nuint Current;
        public nuint Maximum;
    }
}
