using System;

namespace Quarry;

/// <summary>Creates arrays in memory of the application's allocator.</summary>
public static class NativeArray
{
    /// <summary>Creates an array of zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeArray<T, Global> Create<T>(nint length) where T : unmanaged => new(default, length);

    /// <summary>Creates an array that contains the elements.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeArray<T, Global> Create<T>(ReadOnlySpan<T> items) where T : unmanaged =>
        new(default, items);

    /// <summary>Makes an array of these elements, where the default value of an allocator is one.</summary>
    /// <remarks>What a collection expression calls.</remarks>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeArray<T, TAllocator> Create<T, TAllocator>(ReadOnlySpan<T> items)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator =>
        new(default, items);
}
