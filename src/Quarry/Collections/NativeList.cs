using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>A <see cref="List{T}"/> in memory of an allocator.</summary>
/// <remarks>
/// <para>
/// The struct is a handle of 16 bytes: its copies are the same list. It is unmanaged, so lists can be
/// elements of lists; nothing of it is on the managed heap. Names, exceptions and the cost of every member
/// are those of <see cref="List{T}"/>. Elements are not disposed with the list.
/// </para>
/// <para>
/// The list belongs to whoever disposes it, once, through any copy; a second time does nothing. Where the
/// allocator gives all of its memory back at once, the list may be left to it, and must not be used after.
/// A member used after <see cref="Dispose"/> throws <see cref="ObjectDisposedException"/>, and one of the
/// default value <see cref="InvalidOperationException"/>. To be as fast as their twins, three ask so only in
/// checked builds: the indexer, <see cref="RemoveAt"/> and the counts. In others a disposed list is empty to
/// them, as long as its memory is not used again, and the default value throws
/// <see cref="NullReferenceException"/>.
/// </para>
/// <para>
/// Not thread-safe, whatever the allocator is: one thread may change it, or several may read it.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
[DebuggerTypeProxy(typeof(ElementsDebugView<,>))]
[CollectionBuilder(typeof(NativeList), nameof(NativeList.Create))]
public readonly unsafe partial struct NativeList<T, TAllocator> : IReadOnlyList<T>, IDisposable
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private readonly CollectionHandle<ListBody<T>, TAllocator> _handle;

    /// <summary>Creates an empty list with the specified capacity.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeList(TAllocator allocator, nint capacity = 0)
    {
        if (!TryCreate(allocator, capacity, out this))
        {
            CollectionMemory.ThrowOutOfMemory<T, TAllocator>(allocator, capacity);
        }
    }

    /// <summary>Creates a list that contains the elements.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeList(TAllocator allocator, ReadOnlySpan<T> items) : this(allocator, items.Length) =>
        AddRange(items);

    private NativeList(CollectionHandle<ListBody<T>, TAllocator> handle) => _handle = handle;

    /// <summary>Creates an empty list with the specified capacity.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public static bool TryCreate(TAllocator allocator, nint capacity, out NativeList<T, TAllocator> list)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        list = default;
        if (!CollectionHandle<ListBody<T>, TAllocator>.TryCreate(allocator, out var handle))
        {
            return false;
        }

        if (!handle.Body->TryResize(allocator, capacity))
        {
            handle.Dispose();
            return false;
        }

        list = new NativeList<T, TAllocator>(handle);
        return true;
    }

    /// <summary>Gets a value that indicates whether the list was created and not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Gets the allocator of the list.</summary>
    public TAllocator Allocator => _handle.Allocator;

    /// <summary>Gets the number of elements.</summary>
    /// <exception cref="OverflowException">
    /// The number exceeds <see cref="int.MaxValue"/>; use <see cref="LongCount"/>.
    /// </exception>
    public int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => CollectionMemory.ToInt(_handle.BodyUnasked->Count);
    }

    /// <summary>Gets the number of elements.</summary>
    public nint LongCount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _handle.BodyUnasked->Count;
    }

    /// <summary>Gets or sets the number of elements that fit without allocating.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than the count.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the list is unchanged.
    /// </exception>
    /// <exception cref="OverflowException">
    /// The number exceeds <see cref="int.MaxValue"/>; use <see cref="LongCapacity"/>.
    /// </exception>
    public int Capacity
    {
        get => CollectionMemory.ToInt(LongCapacity);
        set => LongCapacity = value;
    }

    /// <summary>Gets or sets the number of elements that the list has room for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than the count.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the list is unchanged.
    /// </exception>
    public nint LongCapacity
    {
        get => _handle.Body->Capacity;
        set
        {
            ListBody<T>* body = _handle.Body;
            ArgumentOutOfRangeException.ThrowIfLessThan(value, body->Count);
            if (value != body->Capacity && !body->TryResize(_handle.Allocator, value))
            {
                CollectionMemory.ThrowOutOfMemory<T, TAllocator>(_handle.Allocator, value);
            }
        }
    }

    /// <summary>The element at the index, in place: until the list grows or is disposed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
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
            ListBody<T>* body = _handle.BodyUnasked;
            if ((nuint)index >= (nuint)body->Count)
            {
                ThrowIndex(body);
            }

            return ref body->Elements[index];
        }
    }

    /// <inheritdoc/>
    T IReadOnlyList<T>.this[int index] => this[index];

    /// <summary>The elements in place: until the list grows, shrinks or is disposed.</summary>
    /// <exception cref="OverflowException">
    /// There are more than a span can hold; see <see cref="AsSpan(nint, int)"/>.
    /// </exception>
    public Span<T> AsSpan()
    {
        ListBody<T>* body = _handle.Body;
        return new Span<T>(body->Elements, CollectionMemory.ToInt(body->Count));
    }

    /// <summary>Some of the elements in place: until the list grows, shrinks or is disposed.</summary>
    /// <exception cref="ArgumentException">Not all of them are in the list.</exception>
    public Span<T> AsSpan(nint start, int length)
    {
        ListBody<T>* body = _handle.Body;
        CollectionMemory.CheckRange(start, length, body->Count);
        return new Span<T>(body->Elements + start, length);
    }

    /// <summary>The first element, for <c>fixed</c>; a null reference if there is no room for one.</summary>
    public ref T GetPinnableReference() => ref *_handle.Body->Elements;

    /// <summary>Ensures that the capacity is at least the specified number of elements.</summary>
    /// <returns>The new capacity.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the list is unchanged.
    /// </exception>
    /// <exception cref="OverflowException">The new capacity exceeds <see cref="int.MaxValue"/>.</exception>
    public int EnsureCapacity(int capacity) => CollectionMemory.ToInt(EnsureCapacity((nint)capacity));

    /// <summary>Ensures that the capacity is at least the specified number of elements.</summary>
    /// <returns>The new capacity.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the list is unchanged.
    /// </exception>
    public nint EnsureCapacity(nint capacity)
    {
        if (!TryEnsureCapacity(capacity))
        {
            CollectionMemory.ThrowOutOfMemory<T, TAllocator>(_handle.Allocator, capacity);
        }

        return LongCapacity;
    }

    /// <summary>Ensures that the capacity is at least the specified number of elements.</summary>
    /// <returns>False, and the list is unchanged, if the allocator cannot serve it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public bool TryEnsureCapacity(nint capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        return _handle.Body->TryReserve(_handle.Allocator, capacity);
    }

    /// <summary>Frees unused capacity if it is more than a tenth of the capacity.</summary>
    /// <remarks>Does nothing if the allocator cannot shrink the block now.</remarks>
    public void TrimExcess()
    {
        ListBody<T>* body = _handle.Body;
        if (CollectionMemory.IsExcessive(body->Count, body->Capacity))
        {
            _ = body->TryResize(_handle.Allocator, body->Count);
        }
    }

    /// <summary>Frees the memory of the list. Subsequent calls do nothing.</summary>
    public void Dispose() => _handle.Dispose();

    // Takes what the caller has in a register, so that the handle need not lie in memory.
    private static void ThrowIndex(ListBody<T>* body) =>
        throw CollectionHandle<ListBody<T>, TAllocator>.OutOfRange(body, "index");

    private string DebuggerText => IsAlive ? $"Count = {LongCount}" : "not alive";
}
