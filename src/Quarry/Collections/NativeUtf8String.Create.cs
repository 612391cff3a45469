using System;

namespace Quarry;

/// <summary>Creates strings in memory of the application's allocator.</summary>
public static class NativeUtf8String
{
    /// <summary>Creates an empty string with the specified capacity, in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeUtf8String<Global> Create(nint capacity = 0) => new(default, capacity);

    /// <summary>Creates a string from bytes, such as <c>"text"u8</c>.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeUtf8String<Global> Create(ReadOnlySpan<byte> utf8) => new(default, utf8);

    /// <summary>Creates a string from text; invalid UTF-16 becomes U+FFFD.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeUtf8String<Global> Create(ReadOnlySpan<char> text) => new(default, text);
}
