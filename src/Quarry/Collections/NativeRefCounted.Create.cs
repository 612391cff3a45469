using System;

namespace Quarry;

/// <summary>Creates shared values in memory of the application's allocator.</summary>
public static class NativeRefCounted
{
    /// <summary>Creates a value with one owner.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeRefCounted<T, Global> Create<T>(T value = default) where T : unmanaged =>
        new(default, value);
}
