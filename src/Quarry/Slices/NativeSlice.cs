using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Consecutive elements in native memory: a <see cref="Span{T}"/> that can be stored anywhere.
/// </summary>
/// <remarks>
/// <para>
/// An address and a length, 16 bytes, unmanaged: a slice can be a field, an element of a collection, or part
/// of a row type. It owns nothing, and is valid as long as the memory is: text or rows in an
/// <see cref="Arena"/>, elements of a list that does not grow, a mapped file. Nothing detects a slice that
/// outlives its memory. Use a <see cref="Span{T}"/> wherever one can be used.
/// </para>
/// <para>Thread-safe as the memory is.</para>
/// </remarks>
[DebuggerDisplay("Length = {LongLength}")]
public readonly unsafe struct NativeSlice<T> : IReadOnlyList<T> where T : unmanaged
{
    private readonly T* _start;

    /// <summary>Initializes a slice of memory of the caller.</summary>
    /// <param name="start">The first element; may be null if there is none.</param>
    /// <param name="length">The number of elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public NativeSlice(T* start, nint length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _start = start;
        LongLength = length;
    }

    /// <summary>Gets the address of the first element.</summary>
    public T* Start => _start;

    /// <summary>Gets a value that indicates whether there are no elements.</summary>
    public bool IsEmpty => LongLength == 0;

    /// <summary>Gets the number of elements.</summary>
    /// <exception cref="OverflowException">
    /// The number exceeds <see cref="int.MaxValue"/>; use <see cref="LongLength"/>.
    /// </exception>
    public int Length => CollectionMemory.ToInt(LongLength);

    /// <summary>Gets the number of elements.</summary>
    public nint LongLength { get; }

    /// <inheritdoc/>
    int IReadOnlyCollection<T>.Count => Length;

    /// <summary>Gets a reference to an element.</summary>
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
            if ((nuint)index >= (nuint)LongLength)
            {
                ThrowIndex();
            }

            return ref _start[index];
        }
    }

    /// <inheritdoc/>
    T IReadOnlyList<T>.this[int index] => this[index];

    /// <summary>Returns the elements as a span.</summary>
    /// <exception cref="OverflowException">There are more than a span can hold.</exception>
    public Span<T> AsSpan() => new(_start, Length);

    /// <summary>Returns a part of the slice; what <c>slice[1..3]</c> calls.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of the numbers is negative.</exception>
    /// <exception cref="ArgumentException">Not all of the elements are in the slice.</exception>
    public NativeSlice<T> Slice(int start, int length) => Slice((nint)start, length);

    /// <inheritdoc cref="Slice(int, int)"/>
    public NativeSlice<T> Slice(nint start, nint length)
    {
        CollectionMemory.CheckRange(start, length, LongLength);
        return new NativeSlice<T>(_start + start, length);
    }

    /// <summary>Copies the elements.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void CopyTo(Span<T> destination) => AsSpan().CopyTo(destination);

    /// <summary>Returns the elements as an array on the managed heap.</summary>
    public T[] ToArray() => AsSpan().ToArray();

    /// <summary>Enumerates references to the elements.</summary>
    public Span<T>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator<T> IEnumerable<T>.GetEnumerator()
    {
        for (nint index = 0; index < LongLength; index++)
        {
            yield return this[index];
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<T>)this).GetEnumerator();

    /// <summary>Returns the elements as a span.</summary>
#pragma warning disable CA2225 // AsSpan is the alternative
    public static implicit operator Span<T>(NativeSlice<T> slice) => slice.AsSpan();

    /// <summary>Returns the elements as a span.</summary>
    public static implicit operator ReadOnlySpan<T>(NativeSlice<T> slice) => slice.AsSpan();
#pragma warning restore CA2225

    private static void ThrowIndex() => throw new IndexOutOfRangeException();
}
