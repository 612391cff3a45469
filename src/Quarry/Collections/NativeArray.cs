using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>An array in memory of an allocator, of any length.</summary>
/// <remarks>
/// <para>
/// The struct is a handle of 16 bytes: its copies are the same array. It is unmanaged, so arrays can be
/// elements of arrays. Elements are not disposed with the array.
/// </para>
/// <para>
/// The array belongs to whoever disposes it, once, through any copy; a second time does nothing. Where the
/// allocator gives all of its memory back at once, the array may be left to it, and must not be used after.
/// A member used after <see cref="Dispose"/> throws <see cref="ObjectDisposedException"/>, and one of the
/// default value <see cref="InvalidOperationException"/>. The indexer and the lengths ask so only in checked
/// builds; in others a disposed array is empty to them, as long as its memory is not used again, and the
/// default value throws <see cref="NullReferenceException"/>. In a loop over many elements, a span is
/// fastest. As thread-safe as an array.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
[DebuggerTypeProxy(typeof(ElementsDebugView<,>))]
[CollectionBuilder(typeof(NativeArray), nameof(NativeArray.Create))]
public readonly unsafe partial struct NativeArray<T, TAllocator> : IReadOnlyList<T>, IDisposable
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private readonly CollectionHandle<ArrayBody<T>, TAllocator> _handle;

    /// <summary>Creates an array of zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeArray(TAllocator allocator, nint length)
    {
        if (!TryCreate(allocator, length, out this))
        {
            CollectionMemory.ThrowOutOfMemory<T, TAllocator>(allocator, length);
        }
    }

    /// <summary>Creates an array that contains the elements.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeArray(TAllocator allocator, ReadOnlySpan<T> items)
    {
        if (!TryCreate(allocator, items.Length, cleared: false, out this))
        {
            CollectionMemory.ThrowOutOfMemory<T, TAllocator>(allocator, items.Length);
        }

        items.CopyTo(AsSpan());
    }

    private NativeArray(CollectionHandle<ArrayBody<T>, TAllocator> handle) => _handle = handle;

    /// <summary>Creates an array of zeros.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public static bool TryCreate(TAllocator allocator, nint length, out NativeArray<T, TAllocator> array) =>
        TryCreate(allocator, length, cleared: true, out array);

    /// <summary>Makes an array whose elements are what lies there: to be overwritten.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeArray<T, TAllocator> CreateUninitialized(TAllocator allocator, nint length)
    {
        if (!TryCreate(allocator, length, cleared: false, out NativeArray<T, TAllocator> array))
        {
            CollectionMemory.ThrowOutOfMemory<T, TAllocator>(allocator, length);
        }

        return array;
    }

    /// <summary>Gets a value that indicates whether the array was created and not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Gets the allocator of the array.</summary>
    public TAllocator Allocator => _handle.Allocator;

    /// <summary>Gets the number of elements.</summary>
    /// <exception cref="OverflowException">
    /// The number exceeds <see cref="int.MaxValue"/>; use <see cref="LongLength"/>.
    /// </exception>
    public int Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => CollectionMemory.ToInt(_handle.BodyUnasked->Length);
    }

    /// <summary>Gets the number of elements.</summary>
    public nint LongLength
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _handle.BodyUnasked->Length;
    }

    /// <inheritdoc/>
    int IReadOnlyCollection<T>.Count => Length;

    /// <summary>The element at the index, in place: until the array is disposed.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such element.</exception>
    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref this[(nint)index];
    }

    /// <inheritdoc cref="this[int]"/>
    public ref T this[nint index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ArrayBody<T>* body = _handle.BodyUnasked;
            if ((nuint)index >= (nuint)body->Length)
            {
                ThrowIndex(body);
            }

            return ref body->Elements[index];
        }
    }

    /// <inheritdoc/>
    T IReadOnlyList<T>.this[int index] => this[index];

    /// <summary>The elements in place: until the array is disposed.</summary>
    /// <exception cref="OverflowException">
    /// There are more than a span can hold; see <see cref="AsSpan(nint, int)"/>.
    /// </exception>
    public Span<T> AsSpan()
    {
        ArrayBody<T>* body = _handle.Body;
        return new Span<T>(body->Elements, CollectionMemory.ToInt(body->Length));
    }

    /// <summary>Some of the elements in place: until the array is disposed.</summary>
    /// <exception cref="ArgumentException">Not all of them are in the array.</exception>
    public Span<T> AsSpan(nint start, int length)
    {
        ArrayBody<T>* body = _handle.Body;
        CollectionMemory.CheckRange(start, length, body->Length);
        return new Span<T>(body->Elements + start, length);
    }

    /// <summary>The first element, for <c>fixed</c>.</summary>
    public ref T GetPinnableReference() => ref *_handle.Body->Elements;

    /// <summary>Sets all elements to zeros.</summary>
    public void Clear()
    {
        ArrayBody<T>* body = _handle.Body;
        Memory.Clear(body->Elements, (nuint)body->Length * (nuint)sizeof(T));
    }

    /// <summary>Copies the elements.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void CopyTo(Span<T> destination) => AsSpan().CopyTo(destination);

    /// <summary>Returns the elements as an array on the managed heap.</summary>
    public T[] ToArray() => AsSpan().ToArray();

    /// <summary>
    /// Enumerates the elements, in place: <c>foreach (ref T item in array)</c> may change them.
    /// </summary>
    public Enumerator GetEnumerator() => new(_handle);

    /// <inheritdoc/>
    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Frees the memory of the array. Subsequent calls do nothing.</summary>
    public void Dispose() => _handle.Dispose();

    private static bool TryCreate(
        TAllocator allocator, nint length, bool cleared, out NativeArray<T, TAllocator> array)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        array = default;
        if (!CollectionHandle<ArrayBody<T>, TAllocator>.TryCreate(allocator, out var handle))
        {
            return false;
        }

        T* elements = cleared
            ? CollectionMemory.TryAllocateZeroed<T, TAllocator>(allocator, length)
            : CollectionMemory.TryAllocate<T, TAllocator>(allocator, length);
        if (elements == null)
        {
            handle.Dispose();
            return false;
        }

        *handle.Body = new ArrayBody<T> { Elements = elements, Length = length };
        array = new NativeArray<T, TAllocator>(handle);
        return true;
    }

    // Takes what the caller has in a register, so that the handle need not lie in memory.
    private static void ThrowIndex(ArrayBody<T>* body) => throw (
        CollectionHandle<ArrayBody<T>, TAllocator>.OutOfRange(body, "index") is ObjectDisposedException gone
            ? gone
            : new IndexOutOfRangeException());

    /// <summary>Goes through the elements of an array.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly CollectionHandle<ArrayBody<T>, TAllocator> _handle;
        private nint _next;
        private T* _current;

        internal Enumerator(CollectionHandle<ArrayBody<T>, TAllocator> handle)
        {
            _handle = handle;
            _ = handle.Body;
        }

        /// <summary>Gets a reference to the element.</summary>
        public readonly ref T Current => ref *_current;

        /// <inheritdoc/>
        readonly T IEnumerator<T>.Current => Current;

        /// <inheritdoc/>
        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext()
        {
            ArrayBody<T>* body = _handle.Body;
            nint next = _next;
            if (next >= body->Length)
            {
                return false;
            }

            _current = body->Elements + next;
            _next = next + 1;
            return true;
        }

        /// <inheritdoc/>
        public void Reset() => _next = 0;

        /// <summary>Does nothing: the enumerator owns nothing.</summary>
        public readonly void Dispose()
        {
        }
    }

    private string DebuggerText => IsAlive ? $"Length = {LongLength}" : "not alive";
}
