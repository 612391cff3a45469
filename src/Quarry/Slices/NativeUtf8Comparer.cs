using System;
using System.Collections.Generic;

namespace Quarry;

/// <summary>
/// Compares <see cref="NativeUtf8Slice"/> keys with spans of UTF-8, for look-ups without a slice:
/// <c>index.GetAlternateLookup&lt;ReadOnlySpan&lt;byte&gt;, NativeUtf8Comparer&lt;Arena&gt;&gt;()</c>.
/// </summary>
/// <remarks>
/// A key that is added through the look-up is a copy of the span in memory of the allocator. The default
/// value suffices for finding and removing.
/// </remarks>
/// <typeparam name="TAllocator">The type of the allocator of copies.</typeparam>
/// <param name="allocator">The allocator of copies, which must outlive the keys.</param>
public readonly struct NativeUtf8Comparer<TAllocator>(TAllocator allocator)
    : IEqualityComparer<NativeUtf8Slice>, IAlternateEqualityComparer<ReadOnlySpan<byte>, NativeUtf8Slice>
    where TAllocator : unmanaged, IAllocator
{
    /// <inheritdoc/>
    public bool Equals(NativeUtf8Slice x, NativeUtf8Slice y) => x.Equals(y);

    /// <inheritdoc/>
    public int GetHashCode(NativeUtf8Slice obj) => obj.GetHashCode();

    /// <inheritdoc/>
    public bool Equals(ReadOnlySpan<byte> alternate, NativeUtf8Slice other) => other.Equals(alternate);

    /// <inheritdoc/>
    public int GetHashCode(ReadOnlySpan<byte> alternate) => Utf8Hash.Of(alternate);

    /// <summary>Copies a span into memory of the allocator.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeUtf8Slice Create(ReadOnlySpan<byte> alternate) => NativeUtf8Slice.Copy(allocator, alternate);
}
