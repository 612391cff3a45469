using System;

namespace Quarry;

/// <summary>Makes shared values in memory of the application's allocator.</summary>
public static class NativeRefCounted
{
    /// <summary>Makes a value with one owner.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    public static NativeRefCounted<T, Global> Create<T>(T value = default) where T : unmanaged =>
        new(default, value);
}
