using System;

namespace Quarry;

/// <summary>Makes arrays in memory of the application's allocator.</summary>
public static class NativeArray
{
    /// <summary>Makes an array of zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    public static NativeArray<T, Global> Create<T>(nint length) where T : unmanaged => new(default, length);

    /// <summary>Makes an array of these elements.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    public static NativeArray<T, Global> Create<T>(ReadOnlySpan<T> items) where T : unmanaged =>
        new(default, items);
}
