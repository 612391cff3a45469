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
}
