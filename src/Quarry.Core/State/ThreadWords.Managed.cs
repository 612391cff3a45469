using System;

namespace Quarry;

/// <summary>The words that each thread has of its own on .NET.</summary>
/// <remarks>
/// They are in one class because the JIT asks for the address of a class's thread-local storage once: an
/// allocator that needs several, or one around another, then pays for it once.
/// </remarks>
internal static unsafe class ThreadWords
{
    /// <summary>The thread's number, from when it was first asked for; 0 before.</summary>
    [ThreadStatic]
    internal static nuint t_token;

    /// <summary>The number in the upper half of the word.</summary>
    [ThreadStatic]
    internal static nuint t_mark;

    /// <summary>The serial number of the heap that the thread used last; 0 if none.</summary>
    [ThreadStatic]
    internal static ulong t_heapSerial;

    /// <summary>The thread's part of that heap.</summary>
    [ThreadStatic]
    internal static ThreadHeap* t_heap;
}
