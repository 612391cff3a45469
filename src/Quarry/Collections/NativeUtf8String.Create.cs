using System;

namespace Quarry;

/// <summary>Makes strings in memory of the application's allocator.</summary>
public static class NativeUtf8String
{
    /// <summary>Makes an empty string with room for so many bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    public static NativeUtf8String<Global> Create(nint capacity = 0) => new(default, capacity);

    /// <summary>Makes a string of these bytes, such as <c>"text"u8</c>.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    public static NativeUtf8String<Global> Create(ReadOnlySpan<byte> utf8) => new(default, utf8);

    /// <summary>Makes a string of this text; what is invalid in it becomes U+FFFD.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    public static NativeUtf8String<Global> Create(ReadOnlySpan<char> text) => new(default, text);
}
