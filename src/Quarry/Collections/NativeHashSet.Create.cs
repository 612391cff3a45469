using System;

namespace Quarry;

/// <summary>Creates sets in memory of the application's allocator, <see cref="Global"/>.</summary>
public static class NativeHashSet
{
    /// <summary>Creates an empty set.</summary>
    /// <param name="capacity">The number of elements to reserve memory for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeHashSet<T, Global> Create<T>(int capacity = 0) where T : unmanaged =>
        new(default, capacity);

    /// <summary>Creates a set with elements.</summary>
    /// <param name="items">The elements; equal ones are added once.</param>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeHashSet<T, Global> Create<T>(ReadOnlySpan<T> items) where T : unmanaged =>
        new(default, items);

    /// <summary>
    /// Creates a set with elements, on an allocator whose default value can be used. Collection expressions
    /// call this method.
    /// </summary>
    /// <param name="items">The elements; equal ones are added once.</param>
    /// <exception cref="InvalidOperationException">The allocator has to be created first.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeHashSet<T, TAllocator> Create<T, TAllocator>(ReadOnlySpan<T> items)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator => new(default, items);
}
