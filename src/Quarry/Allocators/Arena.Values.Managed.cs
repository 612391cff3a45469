using System;
using System.Runtime.CompilerServices;
using System.Text;

namespace Quarry;

/// <content>
/// Values, spans and text. All of it is gone with the next reset, or at the end of the scope.
/// </content>
public readonly unsafe partial struct Arena
{
    /// <summary>Puts a value into the arena.</summary>
    /// <exception cref="OutOfMemoryException">The limit is reached, or there is no memory.</exception>
    /// <exception cref="ObjectDisposedException">The arena was disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T New<T>(in T value) where T : unmanaged => ref *NewPointer(value);

    /// <summary>
    /// Puts a value into the arena and points to it: for what links to others, as trees do.
    /// </summary>
    /// <inheritdoc cref="New{T}(in T)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* NewPointer<T>(in T value) where T : unmanaged
    {
        T* place = (T*)Take(Layout.Of<T>());
        *place = value;
        return place;
    }

    /// <summary>Puts a value into the arena.</summary>
    /// <returns>False if the limit is reached, there is no memory, or the arena was disposed of.</returns>
    public bool TryNew<T>(in T value, out T* place) where T : unmanaged
    {
        place = (T*)Allocate(Layout.Of<T>());
        if (place != null)
        {
            *place = value;
        }

        return place != null;
    }

    /// <summary>Takes room for some values. Their contents are undefined.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, or too large.</exception>
    /// <exception cref="OutOfMemoryException">The limit is reached, or there is no memory.</exception>
    /// <exception cref="ObjectDisposedException">The arena was disposed of.</exception>
    public Span<T> AllocateSpan<T>(int length) where T : unmanaged =>
        new(Take(Layout.Array<T>(length)), length);

    /// <summary>Takes room for some values, all zero.</summary>
    /// <inheritdoc cref="AllocateSpan{T}(int)"/>
    public Span<T> AllocateZeroedSpan<T>(int length) where T : unmanaged
    {
        Span<T> span = AllocateSpan<T>(length);
        span.Clear();
        return span;
    }

    /// <summary>Copies some values into the arena.</summary>
    /// <exception cref="OutOfMemoryException">The limit is reached, or there is no memory.</exception>
    /// <exception cref="ObjectDisposedException">The arena was disposed of.</exception>
    public Span<T> AllocateSpan<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        Span<T> copy = AllocateSpan<T>(values.Length);
        values.CopyTo(copy);
        return copy;
    }

    /// <summary>Takes room for some values. Their contents are undefined.</summary>
    /// <returns>False if the limit is reached, there is no memory, or the arena was disposed of.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, or too large.</exception>
    public bool TryAllocateSpan<T>(int length, out Span<T> span) where T : unmanaged
    {
        void* place = Allocate(Layout.Array<T>(length));
        span = place == null ? default : new Span<T>(place, length);
        return place != null;
    }

    /// <summary>Copies a text into the arena.</summary>
    /// <inheritdoc cref="AllocateSpan{T}(ReadOnlySpan{T})"/>
    public Span<char> AllocateString(ReadOnlySpan<char> text) => AllocateSpan(text);

    /// <summary>Copies a text into the arena, as UTF-8. Half a surrogate pair becomes U+FFFD.</summary>
    /// <inheritdoc cref="AllocateSpan{T}(ReadOnlySpan{T})"/>
    public Span<byte> AllocateUtf8(ReadOnlySpan<char> text)
    {
        Span<byte> copy = AllocateSpan<byte>(Encoding.UTF8.GetByteCount(text));
        _ = Encoding.UTF8.GetBytes(text, copy);
        return copy;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void* Take(Layout layout)
    {
        void* block = Allocate(layout);
        if (block == null)
        {
            Refuse(_handle, layout);
        }

        return block;
    }
}
