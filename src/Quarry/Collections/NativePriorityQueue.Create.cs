using System;

namespace Quarry;

/// <summary>Creates priority queues in memory of the application's allocator.</summary>
public static class NativePriorityQueue
{
    /// <summary>Creates an empty queue with the specified capacity.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativePriorityQueue<TElement, TPriority, Global> Create<TElement, TPriority>(
        nint capacity = 0)
        where TElement : unmanaged
        where TPriority : unmanaged =>
        new(default, capacity);
}
