namespace Quarry;

/// <content>Files that are mapped, names of threads, and clocks, in an image for Linux.</content>
internal static unsafe partial class Os
{
    internal static unsafe partial class Linux
    {
        private const int SharedMapping = 1, AdviceRandom = 1, AdviceWipeOnFork = 18;
        private const int AdvicePopulateWrite = 23;
        private const int LimitFileSize = 1;
        private const int ClockRealTime = 0;

        internal static nint SetFileSize(nint descriptor, nuint size) =>
            SystemCall(CallFtruncate, descriptor, (nint)size, 0, 0, 0, 0);

        internal static nint AllocateFile(nint descriptor, nuint size) =>
            SystemCall(CallFallocate, descriptor, 0, 0, (nint)size, 0, 0);

        internal static nuint FileSizeLimit() => Limit(LimitFileSize);

        internal static void* MapShared(nint descriptor, nuint size)
        {
            nint result = SystemCall(
                CallMmap, 0, (nint)size, ProtectionNone, SharedMapping | MapNoReserve, descriptor, 0);
            if (IsError(result))
            {
                return null;
            }

            // Otherwise a fault at a hole of the file reads ahead: if the setting of the disk is large, the
            // kernel zeroes megabytes of cache for one page.
            _ = Advise((void*)result, size, AdviceRandom);
            return (void*)result;
        }

        /// <summary>Allocates the pages of a mapping now, not at the first write to each.</summary>
        internal static nint Populate(void* start, nuint size) => Advise(start, size, AdvicePopulateWrite);

        /// <summary>Has a range read as zeros in a child of fork.</summary>
        internal static bool WipeOnFork(void* start, nuint size) =>
            Advise(start, size, AdviceWipeOnFork) == 0;

        internal static OsFileIdentity Identity(nint descriptor)
        {
            FileStatus status = default;
            _ = SystemCall(CallFstat, descriptor, (nint)(&status), 0, 0, 0, 0);
            return new OsFileIdentity { Device = status.Device, File = status.File };
        }

        /// <summary>Gets the name of the calling thread, in a buffer of 16 bytes.</summary>
        internal static bool TryGetThreadName(byte* name)
        {
            const nint GetName = 16;
            return SystemCall(CallPrctl, GetName, (nint)name, 0, 0, 0, 0) == 0;
        }

        internal static ulong RealTimeNanoseconds() => Total(Time(ClockRealTime));

        /// <summary>Gets what the process has used, without opening a file.</summary>
        /// <param name="peakResidentBytes">
        /// The highest resident memory, which includes that of the programs before an <c>exec</c>.
        /// </param>
        /// <returns>The processor time, in nanoseconds.</returns>
        internal static ulong ProcessorNanoseconds(out ulong peakResidentBytes)
        {
            const nint OfProcess = 0;
            ResourceUsage usage = default;
            _ = SystemCall(CallGetrusage, OfProcess, (nint)(&usage), 0, 0, 0, 0);
            peakResidentBytes = (ulong)usage.PeakResidentKibibytes * 1024;
            return ((ulong)(usage.UserSeconds + usage.SystemSeconds) * 1_000_000_000)
                + ((ulong)(usage.UserMicroseconds + usage.SystemMicroseconds) * 1_000);
        }

        private static ulong Total(TimeSpec time) =>
            ((ulong)time.Seconds * 1_000_000_000) + (ulong)time.Nanoseconds;

        /// <summary>The kernel's <c>struct rusage</c>.</summary>
        private struct ResourceUsage
        {
            public nint UserSeconds;
            public nint UserMicroseconds;
            public nint SystemSeconds;
            public nint SystemMicroseconds;
            public nint PeakResidentKibibytes;
            public fixed ulong Others[13];
        }
    }
}
