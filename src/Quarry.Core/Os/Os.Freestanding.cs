namespace Quarry;

/// <content>The part of the contract that only native images use.</content>
internal static unsafe partial class Os
{
    /// <summary>Makes reserved pages accessible; false if there is no memory for them.</summary>
    internal static partial bool Commit(void* start, nuint size);

    /// <summary>Allows huge pages behind a range that will be used throughout.</summary>
    internal static partial void PreferHugePages(void* start, nuint size);

    /// <summary>Determines whether anything is mapped at a page; it may still be inaccessible.</summary>
    internal static partial bool IsMapped(void* page);

    /// <summary>Determines whether eight bytes at an address can be read, without reading them.</summary>
    internal static partial bool IsReadable(void* address);

    /// <summary>Gets a monotonic time whose resolution is a nanosecond.</summary>
    internal static partial ulong Nanoseconds();

    /// <summary>Gets the ID of the process that started this one.</summary>
    internal static partial int ParentProcessId();

    /// <summary>Gets the path of the program file, without a terminating zero.</summary>
    /// <param name="path">The memory for the path.</param>
    /// <param name="size">The size of that memory, in bytes; a longer path is truncated.</param>
    /// <returns>The length of the path; 0 if it is unknown.</returns>
    internal static partial nuint ExecutablePath(byte* path, nuint size);

    /// <summary>Gets the path of the working directory, with a terminating zero.</summary>
    /// <param name="path">The memory for the path.</param>
    /// <param name="size">The size of that memory, in bytes.</param>
    /// <returns>False if the path is longer than that, or if there is none.</returns>
    internal static partial bool TryGetCurrentFolder(byte* path, nuint size);

    /// <summary>
    /// Determines whether the program has privileges that its caller lacks, as a setuid program or one with
    /// file capabilities has.
    /// </summary>
    internal static partial bool HasElevatedRights();

    /// <summary>Gets the size of the machine's physical memory, in bytes; 0 if it is unknown.</summary>
    internal static partial ulong TotalMemory();

    /// <summary>Waits while <c>*word == value</c>; may wake spuriously.</summary>
    internal static partial void Wait(uint* word, uint value);

    /// <summary>Wakes all threads that wait on the word.</summary>
    internal static partial void Wake(uint* word);

    /// <summary>Gets a number that identifies the open file, pipe or device behind a descriptor.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="appends">
    /// Whether a write cannot damage existing data: the descriptor is a terminal or another character device,
    /// a pipe, or a file opened for appending.
    /// </param>
    /// <returns>The number, which is odd; 0 if the descriptor is closed.</returns>
    internal static partial ulong FileIdentity(int descriptor, out bool appends);
}
