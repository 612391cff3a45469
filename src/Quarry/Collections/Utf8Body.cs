using System;
using System.Text.Unicode;

namespace Quarry;

/// <summary>What a string keeps: its bytes.</summary>
/// <remarks>
/// What is appended is written behind the count first; the count follows when all of it is there.
/// </remarks>
internal unsafe struct Utf8Body : ICollectionBody
{
    // A UTF-16 unit becomes three bytes at most; two that make up a pair become four.
    private const int MaxBytesPerChar = 3;

    // Room for a number or a date, to try first.
    private const int FormattedSize = 32;

    public ListBody<byte> Bytes;

    /// <inheritdoc/>
    public static string TypeName => "NativeUtf8String";

    /// <inheritdoc/>
    public readonly void Free<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator =>
        Bytes.Free(allocator);

    /// <summary>Writes text behind a place, and moves the place; invalid UTF-16 becomes U+FFFD.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    internal bool TryWrite<TAllocator>(TAllocator allocator, ref nint end, ReadOnlySpan<char> text)
        where TAllocator : unmanaged, IAllocator
    {
        if (TryWriteAscii(end, text))
        {
            end += text.Length;
            return true;
        }

        return TryTranscode(allocator, ref end, text);
    }

    /// <summary>Writes text behind a place, if all of it is ASCII and there is room.</summary>
    internal readonly bool TryWriteAscii(nint end, ReadOnlySpan<char> text) =>
        text.Length <= Bytes.Capacity - end && AsciiText.TryConvert(text, Bytes.Elements + end);

    /// <summary>Writes text behind a place, and moves the place; invalid UTF-16 becomes U+FFFD.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    internal bool TryTranscode<TAllocator>(TAllocator allocator, ref nint end, ReadOnlySpan<char> text)
        where TAllocator : unmanaged, IAllocator
    {
        // Most text is ASCII; there is room for the worst case when the rest of it is known not to be.
        bool written = false;
        for (nint room = text.Length; !written; room = (nint)text.Length * MaxBytesPerChar)
        {
            if (!Bytes.TryReserve(allocator, end + room))
            {
                return false;
            }

            _ = Utf8.FromUtf16(text, Free(end), out int read, out int count);
            text = text[read..];
            end += count;
            written = text.IsEmpty;
        }

        return true;
    }

    /// <summary>Writes bytes behind a place, and moves the place.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    internal bool TryWrite<TAllocator>(TAllocator allocator, ref nint end, ReadOnlySpan<byte> utf8)
        where TAllocator : unmanaged, IAllocator
    {
        bool reserved = Bytes.TryReserve(allocator, end + utf8.Length, ref utf8);
        if (reserved)
        {
            utf8.CopyTo(Free(end));
            end += utf8.Length;
        }

        return reserved;
    }

    /// <summary>Writes a value behind a place, and moves the place.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    internal bool TryWrite<T, TAllocator>(
        TAllocator allocator, ref nint end, T value, ReadOnlySpan<char> format, IFormatProvider? provider)
        where T : IUtf8SpanFormattable
        where TAllocator : unmanaged, IAllocator
    {
        // As a rule there is room, and nothing is called but the value's method.
        for (nint room = 0; Bytes.TryReserve(allocator, end + room); room = NextRoom(room))
        {
            if (value.TryFormat(Free(end), out int written, format, provider))
            {
                end += written;
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes a value behind a place as an interpolated string does, and moves the place.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    internal bool TryWrite<T, TAllocator>(
        TAllocator allocator, ref nint end, T value, int alignment, string? format, IFormatProvider? provider)
        where TAllocator : unmanaged, IAllocator
    {
        // What the handler below does as well, which is made for each value. JIT and compiler of native code
        // know whether a value type implements the interface, and box nothing.
        if (alignment == 0 && provider == null && value is IUtf8SpanFormattable)
        {
            for (nint room = 0; Bytes.TryReserve(allocator, end + room); room = NextRoom(room))
            {
                if (((IUtf8SpanFormattable)value).TryFormat(Free(end), out int written, format, null))
                {
                    end += written;
                    return true;
                }
            }

            return false;
        }

        for (nint room = FormattedSize; Bytes.TryReserve(allocator, end + room); room *= 2)
        {
            Span<byte> free = Free(end);
            var text = new Utf8.TryWriteInterpolatedStringHandler(0, 1, free, provider, out _);
            _ = text.AppendFormatted(value, alignment, format);
            if (Utf8.TryWrite(free, ref text, out int written))
            {
                end += written;
                return true;
            }
        }

        return false;
    }

    private static nint NextRoom(nint room) => room == 0 ? FormattedSize : room * 2;

    /// <summary>Returns the room behind a place.</summary>
    internal readonly Span<byte> Free(nint end) =>
        new(Bytes.Elements + end, (int)nint.Min(Bytes.Capacity - end, int.MaxValue));
}
