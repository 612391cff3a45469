using System;
using System.Runtime.CompilerServices;
using System.Text;

namespace Quarry;

/// <content>
/// Allocation of values, spans and text. All of them end with the next reset, or at the end of the scope.
/// </content>
public readonly unsafe partial struct Arena
{
    /// <summary>Copies a value into the arena.</summary>
    /// <returns>A reference to the copy.</returns>
    /// <exception cref="OutOfMemoryException">
    /// The limit is reached, or the inner allocator is out of memory.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The arena is disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T NewRef<T>(in T value) where T : unmanaged => ref *New(value);

    /// <summary>Copies a value into the arena.</summary>
    /// <returns>A pointer to the copy, for values that link to each other.</returns>
    /// <exception cref="OutOfMemoryException">
    /// The limit is reached, or the inner allocator is out of memory.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The arena is disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* New<T>(in T value) where T : unmanaged
    {
        T* place = (T*)AllocateOrThrow(Layout.Of<T>());
        *place = value;
        return place;
    }

    /// <summary>Tries to copy a value into the arena.</summary>
    /// <returns>
    /// <see langword="false"/> if the limit is reached, the inner allocator is out of memory, or the arena is
    /// disposed.
    /// </returns>
    public bool TryNew<T>(in T value, out T* place) where T : unmanaged
    {
        place = (T*)Allocate(Layout.Of<T>());
        if (place != null)
        {
            *place = value;
        }

        return place != null;
    }

    /// <summary>Allocates a span. Its contents are undefined.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or too large.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The limit is reached, or the inner allocator is out of memory.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The arena is disposed.</exception>
    public Span<T> AllocateSpan<T>(int length) where T : unmanaged =>
        new(AllocateOrThrow(Layout.Array<T>(length)), length);

    /// <summary>Allocates a span of zeros.</summary>
    /// <inheritdoc cref="AllocateSpan{T}(int)"/>
    public Span<T> AllocateZeroedSpan<T>(int length) where T : unmanaged
    {
        Span<T> span = AllocateSpan<T>(length);
        span.Clear();
        return span;
    }

    /// <summary>Copies a span into the arena.</summary>
    /// <exception cref="OutOfMemoryException">
    /// The limit is reached, or the inner allocator is out of memory.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The arena is disposed.</exception>
    public Span<T> AllocateSpan<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        Span<T> copy = AllocateSpan<T>(values.Length);
        values.CopyTo(copy);
        return copy;
    }

    /// <summary>Tries to allocate a span. Its contents are undefined.</summary>
    /// <returns>
    /// <see langword="false"/> if the limit is reached, the inner allocator is out of memory, or the arena is
    /// disposed.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or too large.</exception>
    public bool TryAllocateSpan<T>(int length, out Span<T> span) where T : unmanaged
    {
        void* place = Allocate(Layout.Array<T>(length));
        span = place == null ? default : new Span<T>(place, length);
        return place != null;
    }

    /// <summary>Copies text into the arena.</summary>
    /// <inheritdoc cref="AllocateSpan{T}(ReadOnlySpan{T})"/>
    public Span<char> AllocateString(ReadOnlySpan<char> text) => AllocateSpan(text);

    /// <summary>Copies text into the arena, encoded as UTF-8. An unpaired surrogate becomes U+FFFD.</summary>
    /// <inheritdoc cref="AllocateSpan{T}(ReadOnlySpan{T})"/>
    public Span<byte> AllocateUtf8(ReadOnlySpan<char> text)
    {
        Span<byte> copy = AllocateSpan<byte>(Encoding.UTF8.GetByteCount(text));
        _ = Encoding.UTF8.GetBytes(text, copy);
        return copy;
    }

    /// <summary>Copies a span into the arena, as a slice that can be stored.</summary>
    /// <inheritdoc cref="AllocateSpan{T}(ReadOnlySpan{T})"/>
    public NativeSlice<T> AllocateSlice<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        NativeSlice<T> copy = new((T*)AllocateOrThrow(Layout.Array<T>(values.Length)), values.Length);
        values.CopyTo(copy);
        return copy;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void* AllocateOrThrow(Layout layout)
    {
        void* block = Allocate(layout);
        if (block == null)
        {
            ThrowForFailed(_handle, layout);
        }

        return block;
    }
}
