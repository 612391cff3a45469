using System;

namespace Quarry;

/// <summary>The thread-local words of allocators on .NET.</summary>
/// <remarks>
/// They are in one class because the JIT obtains the address of a class's thread-local storage once per
/// method: an allocator that uses several words, or wraps another allocator, pays for it once.
/// </remarks>
internal static unsafe class ThreadWords
{
    /// <summary>The token of the thread; 0 until <see cref="ThreadToken.Current"/> is read.</summary>
    [ThreadStatic]
    internal static nuint t_token;

    /// <summary>The token in the upper half of the word.</summary>
    [ThreadStatic]
    internal static nuint t_mark;

    /// <summary>The serial number of the heap that the thread used last; 0 if none.</summary>
    [ThreadStatic]
    internal static ulong t_heapSerial;

    /// <summary>The thread heap in that heap; untyped, as this layer is below the heap.</summary>
    [ThreadStatic]
    internal static void* t_heap;

    /// <summary>The serial number of another heap that the thread used; 0 if none.</summary>
    [ThreadStatic]
    internal static ulong t_otherSerial;

    /// <summary>The thread heap in that heap.</summary>
    [ThreadStatic]
    internal static void* t_other;

    /// <summary>The number of the next collection; 0 if none is reserved.</summary>
    [ThreadStatic]
    internal static nuint t_collectionSerial;

    /// <summary>The lists of free slots for headers of collections; null if there are none.</summary>
    [ThreadStatic]
    internal static void* t_headerSlots;

    /// <summary>The start of the readable range that was found last.</summary>
    [ThreadStatic]
    internal static nuint t_readableStart;

    /// <summary>The size of that range, in bytes.</summary>
    [ThreadStatic]
    internal static nuint t_readableSize;

    /// <summary>The number of removals when it was found.</summary>
    [ThreadStatic]
    internal static uint t_readableRemovals;
}
