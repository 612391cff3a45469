using System;

namespace Quarry;

/// <summary>The operating system: what all have in common, and each does in its own way.</summary>
/// <remarks>
/// The library is one assembly for all systems. The JIT knows which one it runs on, so a choice costs
/// nothing. What is documented here is what the caller may rely on.
/// </remarks>
internal static unsafe class Os
{
    /// <summary>The unit of committing and protection.</summary>
    internal const nuint PageSize = LinuxOs.PageSize;

    /// <summary>The number of bits of an address.</summary>
    internal const int AddressBits = LinuxOs.AddressBits;

    internal const int StandardError = LinuxOs.StandardError;

    private static bool OnWindows => OperatingSystem.IsWindows();

    /// <summary>Fresh zeroed pages; null if there are none.</summary>
    internal static void* Map(nuint size) => OnWindows ? WindowsOs.Map(size) : LinuxOs.Map(size);

    /// <summary>Gives back, as a whole, what <see cref="Map"/> yielded.</summary>
    internal static void Unmap(void* start, nuint size)
    {
        if (OnWindows)
        {
            WindowsOs.Release(start);
        }
        else
        {
            LinuxOs.Unmap(start, size);
        }
    }

    /// <summary>Makes pages inaccessible, and gives the memory behind them back.</summary>
    internal static void Decommit(void* start, nuint size)
    {
        if (OnWindows)
        {
            WindowsOs.Decommit(start, size);
        }
        else
        {
            LinuxOs.Decommit(start, size);
        }
    }

    /// <summary>Lets committed pages be read only: a write ends the process.</summary>
    internal static bool MakeReadOnly(void* start, nuint size) => OnWindows
        ? WindowsOs.Protect(start, size, writable: false)
        : LinuxOs.MakeReadOnly(start, size);

    /// <summary>Lets pages that may only be read be written again.</summary>
    internal static bool MakeWritable(void* start, nuint size) => OnWindows
        ? WindowsOs.Protect(start, size, writable: true)
        : LinuxOs.MakeWritable(start, size);

    /// <summary>Bytes of a range that physical memory backs.</summary>
    internal static nuint Resident(void* start, nuint size) =>
        OnWindows ? WindowsOs.Resident(start, size) : LinuxOs.Resident(start, size);

    /// <summary>Keeps sparse tables from being backed by large pages, where that could happen.</summary>
    internal static void AvoidHugePages(void* start, nuint size)
    {
        if (!OnWindows)
        {
            LinuxOs.AvoidHugePages(start, size);
        }
    }

    /// <summary>Changes the size of a mapping where it lies; false if the system cannot.</summary>
    internal static bool Resize(void* start, nuint oldSize, nuint newSize) =>
        !OnWindows && LinuxOs.Resize(start, oldSize, newSize);

    /// <summary>
    /// Moves a mapping to an address, replacing what is there, and changes its size; false if the system
    /// cannot.
    /// </summary>
    internal static bool MoveMapping(void* from, nuint oldSize, void* to, nuint newSize) =>
        !OnWindows && LinuxOs.MoveMapping(from, oldSize, to, newSize);

    internal static int ProcessId() => OnWindows ? WindowsOs.ProcessId() : LinuxOs.ProcessId();

    internal static int ThreadId() => OnWindows ? WindowsOs.ThreadId() : LinuxOs.ThreadId();

    /// <summary>
    /// Whether a thread of this process has ended. A number that was given to a new thread does not count.
    /// </summary>
    internal static bool ThreadHasEnded(int processId, int threadId) => OnWindows
        ? WindowsOs.ThreadHasEnded(processId, threadId)
        : LinuxOs.ThreadHasEnded(processId, threadId);

    /// <summary>Determines whether the calling thread runs on its stack for signal handlers.</summary>
    internal static bool IsOnSignalStack() => !OnWindows && LinuxOs.IsOnSignalStack();

    /// <summary>Lets other threads run.</summary>
    internal static void Yield()
    {
        if (OnWindows)
        {
            WindowsOs.Yield();
        }
        else
        {
            LinuxOs.Yield();
        }
    }

    /// <summary>A clock of some milliseconds' resolution that never goes backwards.</summary>
    internal static nuint Milliseconds() => OnWindows ? WindowsOs.Milliseconds() : LinuxOs.Milliseconds();

    /// <summary>The limit on address space or private memory; the maximum if there is none.</summary>
    internal static nuint AddressSpaceLimit() => OnWindows ? nuint.MaxValue : LinuxOs.AddressSpaceLimit();

    /// <summary>Writes all bytes to a descriptor, or as many as it takes.</summary>
    /// <param name="descriptor">On Windows, 1 and 2 for the standard ones, or else a handle.</param>
    /// <param name="bytes">The first byte.</param>
    /// <param name="count">How many.</param>
    internal static void Write(int descriptor, byte* bytes, nuint count)
    {
        if (OnWindows)
        {
            WindowsOs.Write(descriptor, bytes, count);
        }
        else
        {
            LinuxOs.Write(descriptor, bytes, count);
        }
    }

    /// <summary>Ends the process at once, so that a debugger or a dump shows the place.</summary>
    internal static void Abort()
    {
        if (OnWindows)
        {
            WindowsOs.Abort();
        }
        else
        {
            LinuxOs.Abort();
        }
    }
}
