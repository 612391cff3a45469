using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry;

/// <content>
/// The implementation of the contract in the library, which is one assembly for all systems. The JIT compiles
/// only one side of each choice. On other systems, mapping memory throws a
/// <see cref="PlatformNotSupportedException"/>.
/// </content>
internal static unsafe partial class Os
{
    // Read once, so that the JIT treats it as a constant.
    private static readonly nuint s_pageSize = (nuint)Environment.SystemPageSize;

    private static bool OnWindows => OperatingSystem.IsWindows();

    internal static partial nuint PageSize => s_pageSize;

    internal static partial int AddressBits =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 48 : 47;

    internal static partial bool IsOnSignalStack() => !OnWindows && Linux.IsOnSignalStack();

    internal static partial void* Map(nuint size) => OnWindows ? Windows.Map(size) : Linux.Map(size);

    internal static partial void Unmap(void* start, nuint size)
    {
        if (OnWindows)
        {
            Windows.Release(start);
        }
        else
        {
            Linux.Unmap(start, size);
        }
    }

    internal static partial void Decommit(void* start, nuint size)
    {
        if (OnWindows)
        {
            Windows.Decommit(start, size);
        }
        else
        {
            Linux.Decommit(start, size);
        }
    }

    internal static partial bool MakeReadOnly(void* start, nuint size) => OnWindows
        ? Windows.Protect(start, size, writable: false)
        : Linux.MakeReadOnly(start, size);

    internal static partial bool MakeWritable(void* start, nuint size) => OnWindows
        ? Windows.Protect(start, size, writable: true)
        : Linux.MakeWritable(start, size);

    internal static partial nuint Resident(void* start, nuint size) =>
        OnWindows ? Windows.Resident(start, size) : Linux.Resident(start, size);

    /// <summary>
    /// Determines whether the system lets this process read a word, and the one after it. Takes a system
    /// call.
    /// </summary>
    internal static bool IsReadable(void* start) =>
        OnWindows ? Windows.IsReadable(start) : Linux.IsReadable(start);

    internal static partial void AvoidHugePages(void* start, nuint size)
    {
        if (!OnWindows)
        {
            Linux.AvoidHugePages(start, size);
        }
    }

    internal static partial bool IsFiltered() => !OnWindows && Linux.FilterMode() > 0;

    internal static partial void PreferHugePages(void* start, nuint size)
    {
        if (!OnWindows)
        {
            Linux.PreferHugePages(start, size);
        }
    }

    internal static partial bool TryCollapse(void* start, nuint size) =>
        !OnWindows && Linux.TryCollapse(start, size);

    internal static partial int ProcessId() => Environment.ProcessId;

    internal static partial int ThreadId() => OnWindows ? Windows.ThreadId() : Linux.ThreadId();

    internal static partial bool ThreadHasEnded(int processId, int threadId) => OnWindows
        ? Windows.ThreadHasEnded(processId, threadId)
        : Linux.ThreadHasEnded(threadId);

    internal static partial void Yield() => _ = Thread.Yield();

    internal static partial void Sleep() => Thread.Sleep(1);

    internal static partial nuint Milliseconds() => (nuint)Environment.TickCount64;

    internal static partial nuint AddressSpaceLimit() =>
        OnWindows ? nuint.MaxValue : Linux.AddressSpaceLimit();

    internal static partial bool Write(int descriptor, byte* bytes, nuint count) =>
        OnWindows ? Windows.Write(descriptor, bytes, count) : Linux.Write(descriptor, bytes, count);

    internal static partial void Abort()
    {
        if (OnWindows)
        {
            Windows.Abort();
        }
        else
        {
            Linux.Abort();
        }
    }
}
