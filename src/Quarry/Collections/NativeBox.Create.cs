using System;

namespace Quarry;

/// <summary>Makes boxes in memory of the application's allocator.</summary>
public static class NativeBox
{
    /// <summary>Puts a value into a box.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    public static NativeBox<T, Global> Create<T>(T value = default) where T : unmanaged =>
        new(default, value);
}
