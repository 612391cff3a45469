using System;

namespace Quarry;

/// <summary>Makes queues in memory of the application's allocator.</summary>
public static class NativeQueue
{
    /// <summary>Makes an empty queue with room for so many elements.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    public static NativeQueue<T, Global> Create<T>(nint capacity = 0) where T : unmanaged =>
        new(default, capacity);
}
