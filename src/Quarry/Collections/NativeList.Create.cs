using System;

namespace Quarry;

/// <summary>Makes lists in memory of the application's allocator.</summary>
public static class NativeList
{
    /// <summary>Makes an empty list with room for so many elements.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    public static NativeList<T, Global> Create<T>(nint capacity = 0) where T : unmanaged =>
        new(default, capacity);

    /// <summary>Makes a list of these elements.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    public static NativeList<T, Global> Create<T>(ReadOnlySpan<T> items) where T : unmanaged =>
        new(default, items);
}
