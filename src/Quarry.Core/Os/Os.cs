namespace Quarry;

/// <summary>Represents the operating system to the rest of the code.</summary>
/// <remarks>
/// <para>
/// These declarations are the contract: an image or a library that does not implement one of them does not
/// compile. <c>Os.Freestanding.cs</c> adds the members that only native images use.
/// </para>
/// <para>
/// Files are selected by their names. An image is built for one system and one architecture:
/// <c>Os.Linux.Freestanding.cs</c> with <c>Os.Linux.X64.Freestanding.cs</c>, for example. The library is one
/// assembly for all systems, so <c>Os.Managed.cs</c> chooses at run time. Page sources named after a facility
/// of one system call the nested class of that system.
/// </para>
/// </remarks>
internal static unsafe partial class Os
{
    /// <summary>
    /// Gets the unit of mapping, committing and protecting memory, in bytes; a power of two, and a multiple
    /// of the hardware's page size.
    /// </summary>
    internal static partial nuint PageSize { get; }

    /// <summary>Gets the number of bits in a user-space address.</summary>
    internal static partial int AddressBits { get; }

    /// <summary>Maps zeroed pages; returns null if out of memory.</summary>
    internal static partial void* Map(nuint size);

    /// <summary>Unmaps a whole range that <see cref="Map"/> returned.</summary>
    internal static partial void Unmap(void* start, nuint size);

    /// <summary>Makes committed pages inaccessible, and frees the physical memory behind them.</summary>
    internal static partial void Decommit(void* start, nuint size);

    /// <summary>Makes committed pages read-only.</summary>
    internal static partial bool MakeReadOnly(void* start, nuint size);

    /// <summary>Makes read-only pages writable again.</summary>
    internal static partial bool MakeWritable(void* start, nuint size);

    /// <summary>Returns the number of bytes of a range that are backed by physical memory.</summary>
    internal static partial nuint Resident(void* start, nuint size);

    /// <summary>
    /// Prevents a sparsely used table from being backed by huge pages, on systems that do so.
    /// </summary>
    internal static partial void AvoidHugePages(void* start, nuint size);

    /// <summary>
    /// Determines whether a filter of system calls is installed, which may end the process when it makes one
    /// that is unusual for an allocator.
    /// </summary>
    internal static partial bool IsFiltered();

    /// <summary>
    /// Has whole huge pages back a range from the first write to each of them on, if the system has any.
    /// </summary>
    internal static partial void PreferHugePages(void* start, nuint size);

    /// <summary>
    /// Replaces what is in memory of a huge page's range by that huge page, with the contents. The range must
    /// not be advised against huge pages.
    /// </summary>
    /// <returns>
    /// False if the system cannot do so. If true, it may still have failed: for lack of a huge page, or
    /// because a device uses the memory.
    /// </returns>
    internal static partial bool TryCollapse(void* start, nuint size);

    /// <summary>Returns the ID of this process.</summary>
    internal static partial int ProcessId();

    /// <summary>
    /// Returns the ID of the calling thread, which is unique among the live threads of this process.
    /// </summary>
    internal static partial int ThreadId();

    /// <summary>Determines whether a thread of this process has ended.</summary>
    /// <param name="processId">The ID of this process.</param>
    /// <param name="threadId">
    /// The ID of the thread. If a new thread has reused it, the result is false.
    /// </param>
    internal static partial bool ThreadHasEnded(int processId, int threadId);

    /// <summary>
    /// Determines whether the calling thread runs on its alternate stack for signal handlers.
    /// </summary>
    internal static partial bool IsOnSignalStack();

    /// <summary>Lets other threads of the same priority run.</summary>
    internal static partial void Yield();

    /// <summary>Waits for about a millisecond, so that threads of lower priority run as well.</summary>
    internal static partial void Sleep();

    /// <summary>
    /// Returns the monotonic time, in milliseconds, with a resolution of a few milliseconds.
    /// </summary>
    internal static partial nuint Milliseconds();

    /// <summary>
    /// Returns the lower of the limits on address space and on private writable memory, in bytes;
    /// <see cref="nuint.MaxValue"/> if there is none.
    /// </summary>
    internal static partial nuint AddressSpaceLimit();

    /// <summary>Writes bytes to a descriptor.</summary>
    /// <param name="descriptor">The descriptor. On Windows, 1, 2 or a handle.</param>
    /// <param name="bytes">The first byte.</param>
    /// <param name="count">The number of bytes.</param>
    /// <returns>False if not all bytes could be written.</returns>
    internal static partial bool Write(int descriptor, byte* bytes, nuint count);

    /// <summary>Terminates the process so that a debugger or a core dump shows the caller.</summary>
    internal static partial void Abort();
}
