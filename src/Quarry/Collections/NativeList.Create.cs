using System;

namespace Quarry;

/// <summary>Creates lists in memory of the application's allocator.</summary>
public static class NativeList
{
    /// <summary>Creates an empty list with the specified capacity.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeList<T, Global> Create<T>(nint capacity = 0) where T : unmanaged =>
        new(default, capacity);

    /// <summary>Creates a list that contains the elements.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeList<T, Global> Create<T>(ReadOnlySpan<T> items) where T : unmanaged =>
        new(default, items);

    /// <summary>Makes a list of these elements, where the default value of an allocator is one.</summary>
    /// <remarks>What a collection expression calls.</remarks>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeList<T, TAllocator> Create<T, TAllocator>(ReadOnlySpan<T> items)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator =>
        new(default, items);
}
