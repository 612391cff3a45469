using System;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Quarry;

/// <content>Appending.</content>
public readonly unsafe partial struct NativeUtf8String<TAllocator>
{
    /// <summary>Appends bytes; they may be some of the string itself.</summary>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the string is unchanged.
    /// </exception>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        if (!TryAppend(utf8))
        {
            CollectionMemory.ThrowOutOfMemory<byte, TAllocator>(_handle.Allocator, LongLength + utf8.Length);
        }
    }

    /// <summary>Appends bytes; they may be some of the string itself.</summary>
    /// <returns>False, and the string is unchanged, if the allocator cannot serve it.</returns>
    public bool TryAppend(ReadOnlySpan<byte> utf8)
    {
        Utf8Body* body = _handle.Body;
        return body->Bytes.TryInsert(_handle.Allocator, body->Bytes.Count, utf8);
    }

    /// <summary>Appends text; invalid UTF-16 becomes U+FFFD.</summary>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the string is unchanged.
    /// </exception>
    public void Append(ReadOnlySpan<char> text)
    {
        Utf8Body* body = _handle.Body;
        nint end = body->Bytes.Count;
        if (body->TryWriteAscii(end, text))
        {
            body->Bytes.Count = end + text.Length;
        }
        else
        {
            AppendSlow(_handle, text);
        }
    }

    /// <summary>Appends text; invalid UTF-16 becomes U+FFFD.</summary>
    /// <returns>False, and the string is unchanged, if the allocator cannot serve it.</returns>
    public bool TryAppend(ReadOnlySpan<char> text)
    {
        Utf8Body* body = _handle.Body;
        nint end = body->Bytes.Count;
        bool written = body->TryWrite(_handle.Allocator, ref end, text);
        return Commit(body, written, end);
    }

    /// <summary>Appends a value, such as a number, a character or a <see cref="Guid"/>.</summary>
    /// <exception cref="FormatException">The type does not know the format.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the string is unchanged.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append<T>(T value, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
        where T : IUtf8SpanFormattable
    {
        // As a rule there is room, and nothing is called but the value's method.
        Utf8Body* body = _handle.Body;
        nint end = body->Bytes.Count;
        if (value.TryFormat(body->Free(end), out int written, format, provider))
        {
            body->Bytes.Count = end + written;
        }
        else
        {
            AppendSlow(_handle, value, format, provider);
        }
    }

    /// <summary>Appends a value, such as a number, a character or a <see cref="Guid"/>.</summary>
    /// <returns>False, and the string is unchanged, if the allocator cannot serve it.</returns>
    /// <exception cref="FormatException">The type does not know the format.</exception>
    public bool TryAppend<T>(T value, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
        where T : IUtf8SpanFormattable
    {
        Utf8Body* body = _handle.Body;
        nint end = body->Bytes.Count;
        bool written = body->TryWrite(_handle.Allocator, ref end, value, format, provider);
        return Commit(body, written, end);
    }

    /// <summary>Appends an interpolated string, of which nothing is made on the managed heap.</summary>
    /// <remarks>An alignment counts bytes, as it does for <see cref="System.Text.Unicode.Utf8"/>.</remarks>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the string is unchanged.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// An expression in the interpolated string changed this string.
    /// </exception>
    public void Append([InterpolatedStringHandlerArgument("")] ref InterpolatedText text) =>
        text.Commit();

    /// <inheritdoc cref="Append(ref InterpolatedText)"/>
    /// <param name="provider">The culture of the values.</param>
    /// <param name="text">The interpolated string.</param>
    public void Append(
        IFormatProvider? provider,
        [InterpolatedStringHandlerArgument("", nameof(provider))] ref InterpolatedText text) => text.Commit();

    // Static, so that the handle need not lie in memory.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AppendSlow(CollectionHandle<Utf8Body, TAllocator> handle, ReadOnlySpan<char> text)
    {
        Utf8Body* body = handle.Body;
        nint end = body->Bytes.Count;
        if (!Commit(body, body->TryTranscode(handle.Allocator, ref end, text), end))
        {
            nint needed = body->Bytes.Count + text.Length;
            CollectionMemory.ThrowOutOfMemory<byte, TAllocator>(handle.Allocator, needed);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AppendSlow<T>(
        CollectionHandle<Utf8Body, TAllocator> handle,
        T value,
        ReadOnlySpan<char> format,
        IFormatProvider? provider)
        where T : IUtf8SpanFormattable
    {
        NativeUtf8String<TAllocator> target = new(handle);
        if (!target.TryAppend(value, format, provider))
        {
            CollectionMemory.ThrowOutOfMemory<byte, TAllocator>(handle.Allocator, target.LongLength + 1);
        }
    }

    private static bool Commit(Utf8Body* body, bool written, nint end)
    {
        if (written)
        {
            body->Bytes.Count = end;
        }

        return written;
    }

    /// <summary>What the compiler appends the parts of an interpolated string with.</summary>
    [InterpolatedStringHandler]
    public ref struct InterpolatedText
    {
        private readonly CollectionHandle<Utf8Body, TAllocator> _handle;
        private readonly IFormatProvider? _provider;
        private readonly nint _start;
        private nint _end;

        /// <summary>Appends a part of the interpolated string; called by the compiler.</summary>
        public InterpolatedText(
            int literalLength,
            int formattedCount,
            NativeUtf8String<TAllocator> target,
            IFormatProvider? provider = null)
        {
            _handle = target._handle;
            _provider = provider;
            _start = _handle.Body->Bytes.Count;
            _end = _start;
        }

        /// <summary>Appends a part of the interpolated string; called by the compiler.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AppendLiteral(string value)
        {
            // The JIT encodes a literal when it compiles the caller, if it inlines this; of the runtime's
            // methods, only those of this handler are known to it.
            Span<byte> free = _handle.Body->Free(_end);
            var text = new Utf8.TryWriteInterpolatedStringHandler(value.Length, 0, free, out bool fits);
            if (fits && text.AppendLiteral(value) && Utf8.TryWrite(free, ref text, out int written))
            {
                _end += written;
            }
            else
            {
                AppendSlow(value);
            }
        }

        /// <summary>Appends a part of the interpolated string; called by the compiler.</summary>
        public void AppendFormatted(ReadOnlySpan<byte> utf8) =>
            Check(_handle.Body->TryWrite(_handle.Allocator, ref _end, utf8), utf8.Length);

        /// <summary>Appends a part of the interpolated string; called by the compiler.</summary>
        public void AppendFormatted(ReadOnlySpan<char> text) =>
            Check(_handle.Body->TryWrite(_handle.Allocator, ref _end, text), text.Length);

        /// <summary>Appends a part of the interpolated string; called by the compiler.</summary>
        public void AppendFormatted(string? value) => AppendFormatted(value.AsSpan());

        /// <summary>Appends a part of the interpolated string; called by the compiler.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AppendFormatted<T>(T value)
        {
            // As a rule there is room, and nothing is called but the value's method. JIT and compiler of
            // native code know whether a value type implements the interface, and box nothing.
            if (_provider == null && value is IUtf8SpanFormattable
                && ((IUtf8SpanFormattable)value).TryFormat(
                    _handle.Body->Free(_end), out int written, default, null))
            {
                _end += written;
            }
            else
            {
                AppendSlow(value);
            }
        }

        /// <summary>Appends a part of the interpolated string; called by the compiler.</summary>
        public void AppendFormatted<T>(T value, int alignment, string? format = null) => Check(
            _handle.Body->TryWrite(_handle.Allocator, ref _end, value, alignment, format, _provider), 1);

        /// <summary>Appends a part of the interpolated string; called by the compiler.</summary>
        public void AppendFormatted<T>(T value, string? format) => AppendFormatted(value, 0, format);

        // Out of line, so that the code of a part is short: the JIT inlines it for each part.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private void AppendSlow(string value) => AppendFormatted(value.AsSpan());

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void AppendSlow<T>(T value) => AppendFormatted(value, alignment: 0);

        internal readonly void Commit()
        {
            Utf8Body* body = _handle.Body;
            if (body->Bytes.Count != _start)
            {
                throw new InvalidOperationException("The string was changed while text was appended to it.");
            }

            body->Bytes.Count = _end;
        }

        private readonly void Check(bool written, nint size)
        {
            if (!written)
            {
                CollectionMemory.ThrowOutOfMemory<byte, TAllocator>(_handle.Allocator, _end + size);
            }
        }
    }
}
