using System;

namespace Quarry;

/// <summary>Creates queues in memory of the application's allocator.</summary>
public static class NativeQueue
{
    /// <summary>Creates an empty queue with the specified capacity.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeQueue<T, Global> Create<T>(nint capacity = 0) where T : unmanaged =>
        new(default, capacity);
}
