using System;
using System.Diagnostics;

namespace Quarry;

/// <summary>Text in UTF-8 that grows, in memory of an allocator: a string and its builder.</summary>
/// <remarks>
/// <para>
/// The struct is a handle of 16 bytes: its copies are the same string. It is unmanaged, so strings can be
/// elements of collections. Lengths and indices count bytes. The bytes are what was appended: text in UTF-16
/// is converted, and what is invalid in it becomes U+FFFD; bytes are taken as they are.
/// </para>
/// <para>
/// Two strings are equal if their bytes are, so one that serves as a key must not change meanwhile.
/// </para>
/// <para>
/// The string belongs to whoever disposes it, once, through any copy; a second time does nothing. Where the
/// allocator gives all of its memory back at once, the string may be left to it, and must not be used after.
/// A member used after <see cref="Dispose"/> throws <see cref="ObjectDisposedException"/>, and one of the
/// default value <see cref="InvalidOperationException"/>. Not thread-safe, whatever the allocator is.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
public readonly unsafe partial struct NativeUtf8String<TAllocator>
    : IEquatable<NativeUtf8String<TAllocator>>, IComparable<NativeUtf8String<TAllocator>>,
      IUtf8SpanFormattable, ISpanFormattable, IDisposable
    where TAllocator : unmanaged, IAllocator
{
    private readonly CollectionHandle<Utf8Body, TAllocator> _handle;

    /// <summary>Creates an empty string with the specified capacity, in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeUtf8String(TAllocator allocator, nint capacity = 0)
    {
        if (!TryCreate(allocator, capacity, out this))
        {
            CollectionMemory.ThrowOutOfMemory<byte, TAllocator>(allocator, capacity);
        }
    }

    /// <summary>Creates a string from bytes, such as <c>"text"u8</c>.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeUtf8String(TAllocator allocator, ReadOnlySpan<byte> utf8) : this(allocator, utf8.Length) =>
        Append(utf8);

    /// <summary>Creates a string from text; invalid UTF-16 becomes U+FFFD.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeUtf8String(TAllocator allocator, ReadOnlySpan<char> text) : this(allocator, text.Length)
    {
        if (!TryAppend(text))
        {
            Dispose();
            CollectionMemory.ThrowOutOfMemory<byte, TAllocator>(allocator, text.Length);
        }
    }

    private NativeUtf8String(CollectionHandle<Utf8Body, TAllocator> handle) => _handle = handle;

    /// <summary>Creates an empty string with the specified capacity, in bytes.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public static bool TryCreate(
        TAllocator allocator, nint capacity, out NativeUtf8String<TAllocator> text)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        text = default;
        if (!CollectionHandle<Utf8Body, TAllocator>.TryCreate(allocator, out var handle))
        {
            return false;
        }

        if (!handle.Body->Bytes.TryResize(allocator, capacity))
        {
            handle.Dispose();
            return false;
        }

        text = new NativeUtf8String<TAllocator>(handle);
        return true;
    }

    /// <summary>Gets a value that indicates whether the string was created and not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Gets the allocator of the string.</summary>
    public TAllocator Allocator => _handle.Allocator;

    /// <summary>Gets the number of bytes.</summary>
    /// <exception cref="OverflowException">
    /// The number exceeds <see cref="int.MaxValue"/>; use <see cref="LongLength"/>.
    /// </exception>
    public int Length => CollectionMemory.ToInt(LongLength);

    /// <summary>Gets the number of bytes.</summary>
    public nint LongLength => _handle.Body->Bytes.Count;

    /// <summary>Gets the number of bytes that the string has room for.</summary>
    /// <exception cref="OverflowException">
    /// The number exceeds <see cref="int.MaxValue"/>; use <see cref="LongCapacity"/>.
    /// </exception>
    public int Capacity => CollectionMemory.ToInt(LongCapacity);

    /// <summary>Gets the number of bytes that the string has room for.</summary>
    public nint LongCapacity => _handle.Body->Bytes.Capacity;

    /// <summary>The bytes in place: until the string changes or is disposed.</summary>
    /// <exception cref="OverflowException">There are more than a span can hold.</exception>
    public ReadOnlySpan<byte> AsSpan()
    {
        Utf8Body* body = _handle.Body;
        return new ReadOnlySpan<byte>(body->Bytes.Elements, CollectionMemory.ToInt(body->Bytes.Count));
    }

    /// <summary>The first byte, for <c>fixed</c>; a null reference if there is no room for one.</summary>
    public ref readonly byte GetPinnableReference() => ref *_handle.Body->Bytes.Elements;

    /// <summary>Where these bytes begin first, in bytes; -1 if they are not there.</summary>
    public int IndexOf(ReadOnlySpan<byte> utf8) => AsSpan().IndexOf(utf8);

    /// <summary>Gets a byte; the index counts bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such byte.</exception>
    public byte this[int index] => this[(nint)index];

    /// <inheritdoc cref="this[int]"/>
    public byte this[nint index]
    {
        get
        {
            Utf8Body* body = _handle.Body;
            if ((nuint)index >= (nuint)body->Bytes.Count)
            {
                throw new ArgumentOutOfRangeException(nameof(index));
            }

            return body->Bytes.Elements[index];
        }
    }

    /// <summary>Returns a part of the bytes, in place: what <c>text[1..3]</c> calls.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not all of the bytes are in the string.</exception>
    public ReadOnlySpan<byte> Slice(int start, int length) => AsSpan().Slice(start, length);

    /// <summary>
    /// Returns the bytes as a slice, which can be stored; it is valid until the string grows or is disposed.
    /// </summary>
    /// <exception cref="OverflowException">There are more than a slice can hold.</exception>
    public NativeUtf8Slice AsSlice()
    {
        Utf8Body* body = _handle.Body;
        return new NativeUtf8Slice(body->Bytes.Elements, CollectionMemory.ToInt(body->Bytes.Count));
    }

    /// <summary>Determines whether the string contains these bytes.</summary>
    public bool Contains(ReadOnlySpan<byte> utf8) => IndexOf(utf8) >= 0;

    /// <summary>Determines whether the string begins with these bytes.</summary>
    public bool StartsWith(ReadOnlySpan<byte> utf8) => AsSpan().StartsWith(utf8);

    /// <summary>Determines whether the string ends with these bytes.</summary>
    public bool EndsWith(ReadOnlySpan<byte> utf8) => AsSpan().EndsWith(utf8);

    /// <summary>Shortens the string to its first bytes. The capacity stays.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The length is negative or exceeds the present one.
    /// </exception>
    public void Truncate(nint length)
    {
        Utf8Body* body = _handle.Body;
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, body->Bytes.Count);
        body->Bytes.Count = length;
    }

    /// <summary>Removes all text. The capacity stays.</summary>
    public void Clear() => Truncate(0);

    /// <summary>Ensures that the capacity is at least the specified number of bytes.</summary>
    /// <returns>The new capacity.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the string is unchanged.
    /// </exception>
    /// <exception cref="OverflowException">The new capacity exceeds <see cref="int.MaxValue"/>.</exception>
    public int EnsureCapacity(int capacity) => CollectionMemory.ToInt(EnsureCapacity((nint)capacity));

    /// <summary>Ensures that the capacity is at least the specified number of bytes.</summary>
    /// <returns>The new capacity.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the string is unchanged.
    /// </exception>
    public nint EnsureCapacity(nint capacity)
    {
        if (!TryEnsureCapacity(capacity))
        {
            CollectionMemory.ThrowOutOfMemory<byte, TAllocator>(_handle.Allocator, capacity);
        }

        return LongCapacity;
    }

    /// <summary>Ensures that the capacity is at least the specified number of bytes.</summary>
    /// <returns>False, and the string is unchanged, if the allocator cannot serve it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public bool TryEnsureCapacity(nint capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        return _handle.Body->Bytes.TryReserve(_handle.Allocator, capacity);
    }

    /// <summary>Frees unused capacity if it is more than a tenth of the capacity.</summary>
    /// <remarks>Does nothing if the allocator cannot shrink the block now.</remarks>
    public void TrimExcess()
    {
        Utf8Body* body = _handle.Body;
        if (CollectionMemory.IsExcessive(body->Bytes.Count, body->Bytes.Capacity))
        {
            _ = body->Bytes.TryResize(_handle.Allocator, body->Bytes.Count);
        }
    }

    /// <summary>Frees the memory of the string. Subsequent calls do nothing.</summary>
    public void Dispose() => _handle.Dispose();

    private string DebuggerText => IsAlive ? $"\"{this}\"" : "not alive";
}
