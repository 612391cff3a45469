using System;
using System.Text;

namespace Quarry;

/// <content>Comparing, and turning into a managed string.</content>
public readonly unsafe partial struct NativeUtf8String<TAllocator>
{
    /// <summary>Determines whether the bytes are equal.</summary>
    public bool Equals(NativeUtf8String<TAllocator> other) => Equals(other.AsSpan());

    /// <summary>Determines whether the bytes are equal.</summary>
    public bool Equals(ReadOnlySpan<byte> utf8) => AsSpan().SequenceEqual(utf8);

    /// <summary>Compares the bytes, which orders strings by the code points in them.</summary>
    public int CompareTo(NativeUtf8String<TAllocator> other) => CompareTo(other.AsSpan());

    /// <summary>Compares the bytes, which orders strings by the code points in them.</summary>
    public int CompareTo(ReadOnlySpan<byte> utf8) => AsSpan().SequenceCompareTo(utf8);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NativeUtf8String<TAllocator> other && Equals(other);

    /// <summary>A number that depends on the bytes alone, and differs from process to process.</summary>
    public override int GetHashCode() => Utf8Hash.Of(AsSpan());

    /// <summary>Copies the bytes, if there is room: so a string can be part of an interpolated one.</summary>
    bool IUtf8SpanFormattable.TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format,
        IFormatProvider? provider) =>
        Utf8Formatting.TryFormat(AsSpan(), utf8Destination, out bytesWritten);

    /// <inheritdoc/>
    bool ISpanFormattable.TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Utf8Formatting.TryFormat(AsSpan(), destination, out charsWritten);

    /// <inheritdoc/>
    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>Returns the text on the managed heap; invalid UTF-8 becomes U+FFFD.</summary>
    public override string ToString() => Encoding.UTF8.GetString(AsSpan());

    /// <summary>Determines whether the bytes are equal.</summary>
    public static bool operator ==(NativeUtf8String<TAllocator> left, NativeUtf8String<TAllocator> right) =>
        left.Equals(right);

    /// <summary>Compares the bytes.</summary>
    public static bool operator <(NativeUtf8String<TAllocator> left, NativeUtf8String<TAllocator> right) =>
        left.CompareTo(right) < 0;

    /// <summary>Compares the bytes.</summary>
    public static bool operator >(NativeUtf8String<TAllocator> left, NativeUtf8String<TAllocator> right) =>
        left.CompareTo(right) > 0;

    /// <summary>Compares the bytes.</summary>
    public static bool operator <=(NativeUtf8String<TAllocator> left, NativeUtf8String<TAllocator> right) =>
        left.CompareTo(right) <= 0;

    /// <summary>Compares the bytes.</summary>
    public static bool operator >=(NativeUtf8String<TAllocator> left, NativeUtf8String<TAllocator> right) =>
        left.CompareTo(right) >= 0;

    /// <summary>Determines whether the bytes differ.</summary>
    public static bool operator !=(NativeUtf8String<TAllocator> left, NativeUtf8String<TAllocator> right) =>
        !left.Equals(right);
}
