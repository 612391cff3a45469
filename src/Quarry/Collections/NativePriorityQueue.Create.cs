using System;

namespace Quarry;

/// <summary>Makes priority queues in memory of the application's allocator.</summary>
public static class NativePriorityQueue
{
    /// <summary>Makes an empty queue with room for so many elements.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    public static NativePriorityQueue<TElement, TPriority, Global> Create<TElement, TPriority>(
        nint capacity = 0)
        where TElement : unmanaged
        where TPriority : unmanaged =>
        new(default, capacity);
}
