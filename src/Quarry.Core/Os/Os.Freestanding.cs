namespace Quarry;

/// <content>The part of the contract that only native images use.</content>
internal static unsafe partial class Os
{
    /// <summary>Makes reserved pages accessible; returns false if out of memory.</summary>
    internal static partial bool Commit(void* start, nuint size);

    /// <summary>Determines whether anything is mapped at a page; it may still be inaccessible.</summary>
    internal static partial bool IsMapped(void* page);

    /// <summary>Determines whether eight bytes at an address can be read, without reading them.</summary>
    internal static partial bool IsReadable(void* address);

    /// <summary>Returns the monotonic time, in nanoseconds.</summary>
    internal static partial ulong Nanoseconds();

    /// <summary>Returns the processor time of the calling thread, in nanoseconds.</summary>
    internal static partial ulong ThreadNanoseconds();

    /// <summary>Returns the ID of the parent process.</summary>
    internal static partial int ParentProcessId();

    /// <summary>Gets the path of the program file, without a terminating zero.</summary>
    /// <param name="path">The memory for the path.</param>
    /// <param name="size">The size of that memory, in bytes; a longer path is truncated.</param>
    /// <returns>The length of the path; 0 if it is unknown.</returns>
    internal static partial nuint ExecutablePath(byte* path, nuint size);

    /// <summary>Gets the path of the working directory, with a terminating zero.</summary>
    /// <param name="path">The memory for the path.</param>
    /// <param name="size">The size of that memory, in bytes.</param>
    /// <returns>False if the path is longer, or the directory has none.</returns>
    internal static partial bool TryGetCurrentFolder(byte* path, nuint size);

    /// <summary>
    /// Determines whether the program has privileges that its caller lacks, such as a setuid program or one
    /// with file capabilities.
    /// </summary>
    internal static partial bool HasElevatedRights();

    /// <summary>Returns the size of the machine's physical memory, in bytes; 0 if unknown.</summary>
    internal static partial ulong TotalMemory();

    /// <summary>Returns the number of the processor on which the calling thread runs.</summary>
    internal static partial uint CurrentProcessor();

    /// <summary>
    /// Gets the processors on which the calling thread may run, one bit each; returns false if the system
    /// does not report them, or they do not fit.
    /// </summary>
    internal static partial bool TryGetProcessors(System.Span<ulong> bits);

    /// <summary>Waits while <c>*word == value</c>; may wake spuriously.</summary>
    internal static partial void Wait(uint* word, uint value);

    /// <summary>Waits while <c>*word == value</c>, for a number of milliseconds at most.</summary>
    internal static partial void Wait(uint* word, uint value, nuint milliseconds);

    /// <summary>Names the calling thread, for debuggers and monitors.</summary>
    /// <param name="name">A zero-terminated literal; the system may truncate it to 15 bytes.</param>
    internal static partial void NameThread(System.ReadOnlySpan<byte> name);

    /// <summary>Wakes all threads of the process that wait on the word.</summary>
    internal static partial void Wake(uint* word);

    /// <summary>Returns a number that identifies the open file, pipe or device behind a descriptor.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="appends">
    /// True if a write cannot overwrite existing data: the descriptor is a terminal or another character
    /// device, a pipe, or a file opened for appending.
    /// </param>
    /// <returns>The number, which is odd; 0 if the descriptor is closed.</returns>
    internal static partial ulong FileIdentity(int descriptor, out bool appends);
}
