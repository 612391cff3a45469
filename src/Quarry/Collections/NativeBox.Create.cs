using System;

namespace Quarry;

/// <summary>Creates boxes in memory of the application's allocator.</summary>
public static class NativeBox
{
    /// <summary>Creates a box that contains a value.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeBox<T, Global> Create<T>(T value = default) where T : unmanaged =>
        new(default, value);
}
