using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Quarry;

/// <summary>Text in UTF-8 in native memory, which can be stored anywhere and serve as a key.</summary>
/// <remarks>
/// <para>
/// An address and a length, 16 bytes, unmanaged. It owns nothing, and is valid as long as the memory is:
/// copy text into an <see cref="Arena"/> by <c>Copy</c>, or take parts of a mapped file. Nothing
/// detects a slice that outlives its memory.
/// </para>
/// <para>
/// Two slices are equal if their bytes are, wherever they lie. Text that is a key must not change. To look
/// up a span, without a slice of it, see <see cref="NativeUtf8Comparer{TAllocator}"/>.
/// </para>
/// </remarks>
public readonly unsafe struct NativeUtf8Slice
    : IEquatable<NativeUtf8Slice>, IComparable<NativeUtf8Slice>, IUtf8SpanFormattable, ISpanFormattable
{
    private readonly byte* _start;

    /// <summary>Initializes a slice of memory of the caller.</summary>
    /// <param name="start">The first byte; may be null if there is none.</param>
    /// <param name="length">The number of bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public NativeUtf8Slice(byte* start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _start = start;
        Length = length;
    }

    /// <summary>Initializes a slice of bytes.</summary>
    public NativeUtf8Slice(NativeSlice<byte> bytes)
        : this(bytes.Start, bytes.Length)
    {
    }

    /// <summary>Gets the address of the first byte.</summary>
    public byte* Start => _start;

    /// <summary>Gets the number of bytes.</summary>
    public int Length { get; }

    /// <summary>Gets a value that indicates whether there are no bytes.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Gets a byte; the index counts bytes.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such byte.</exception>
    public byte this[int index] => AsSpan()[index];

    /// <summary>Copies text into memory of an allocator.</summary>
    /// <returns>The copy, which the caller frees, or which ends with the allocator.</returns>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeUtf8Slice Copy<TAllocator>(TAllocator allocator, ReadOnlySpan<byte> utf8)
        where TAllocator : unmanaged, IAllocator
    {
        Layout layout = Layout.Array<byte>(utf8.Length);
        byte* copy = (byte*)allocator.Allocate(layout);
        if (copy == null)
        {
            Throw.Unserved(allocator, layout);
        }

        utf8.CopyTo(new Span<byte>(copy, utf8.Length));
        return new NativeUtf8Slice(copy, utf8.Length);
    }

    /// <summary>
    /// Copies text, encoded as UTF-8, into memory of an allocator. An unpaired surrogate becomes U+FFFD.
    /// </summary>
    /// <inheritdoc cref="Copy{TAllocator}(TAllocator, ReadOnlySpan{byte})"/>
    public static NativeUtf8Slice Copy<TAllocator>(TAllocator allocator, ReadOnlySpan<char> text)
        where TAllocator : unmanaged, IAllocator
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Layout layout = Layout.Array<byte>(length);
        byte* copy = (byte*)allocator.Allocate(layout);
        if (copy == null)
        {
            Throw.Unserved(allocator, layout);
        }

        _ = Encoding.UTF8.GetBytes(text, new Span<byte>(copy, length));
        return new NativeUtf8Slice(copy, length);
    }

    /// <summary>Returns the bytes as a span.</summary>
    public ReadOnlySpan<byte> AsSpan() => new(_start, Length);

    /// <summary>Returns a part of the text; what <c>slice[1..3]</c> calls. The numbers count bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of the numbers is negative.</exception>
    /// <exception cref="ArgumentException">Not all of the bytes are in the slice.</exception>
    public NativeUtf8Slice Slice(int start, int length)
    {
        CollectionMemory.CheckRange(start, length, Length);
        return new NativeUtf8Slice(_start + start, length);
    }

    /// <summary>Determines whether the bytes are equal.</summary>
    public bool Equals(NativeUtf8Slice other) => Equals(other.AsSpan());

    /// <summary>Determines whether the bytes are equal.</summary>
    public bool Equals(ReadOnlySpan<byte> utf8) => AsSpan().SequenceEqual(utf8);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) =>
        obj is NativeUtf8Slice other && Equals(other);

    /// <summary>Returns a hash code of the bytes, which differs from process to process.</summary>
    public override int GetHashCode() => Utf8Hash.Of(AsSpan());

    /// <summary>Compares the bytes, which orders text by its code points.</summary>
    public int CompareTo(NativeUtf8Slice other) => AsSpan().SequenceCompareTo(other.AsSpan());

    /// <summary>Returns the text on the managed heap; invalid UTF-8 becomes U+FFFD.</summary>
    public override string ToString() => Encoding.UTF8.GetString(AsSpan());

    /// <inheritdoc/>
    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    bool ISpanFormattable.TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Utf8Formatting.TryFormat(AsSpan(), destination, out charsWritten);

    /// <inheritdoc/>
    bool IUtf8SpanFormattable.TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format,
        IFormatProvider? provider) =>
        Utf8Formatting.TryFormat(AsSpan(), utf8Destination, out bytesWritten);

    /// <summary>Determines whether the bytes are equal.</summary>
    public static bool operator ==(NativeUtf8Slice left, NativeUtf8Slice right) => left.Equals(right);

    /// <summary>Determines whether the bytes differ.</summary>
    public static bool operator !=(NativeUtf8Slice left, NativeUtf8Slice right) => !left.Equals(right);

    /// <summary>Compares the bytes.</summary>
    public static bool operator <(NativeUtf8Slice left, NativeUtf8Slice right) => left.CompareTo(right) < 0;

    /// <summary>Compares the bytes.</summary>
    public static bool operator >(NativeUtf8Slice left, NativeUtf8Slice right) => left.CompareTo(right) > 0;

    /// <summary>Compares the bytes.</summary>
    public static bool operator <=(NativeUtf8Slice left, NativeUtf8Slice right) => left.CompareTo(right) <= 0;

    /// <summary>Compares the bytes.</summary>
    public static bool operator >=(NativeUtf8Slice left, NativeUtf8Slice right) => left.CompareTo(right) >= 0;

    /// <summary>Returns the bytes as a span.</summary>
#pragma warning disable CA2225 // AsSpan is the alternative
    public static implicit operator ReadOnlySpan<byte>(NativeUtf8Slice slice) => slice.AsSpan();
#pragma warning restore CA2225
}
