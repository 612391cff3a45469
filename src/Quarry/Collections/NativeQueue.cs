using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>A <see cref="Queue{T}"/> in memory of an allocator.</summary>
/// <remarks>
/// <para>
/// The struct is a handle of 16 bytes: its copies are the same queue. It is unmanaged, so queues can be
/// elements of collections. Names and exceptions are those of <see cref="Queue{T}"/>, and so is the cost of
/// every member: a ring of elements that doubles when it is full. Elements are not disposed with the queue.
/// </para>
/// <para>
/// The queue belongs to whoever disposes it, once, through any copy; a second time does nothing. Where the
/// allocator gives all of its memory back at once, the queue may be left to it, and must not be used after.
/// A member used after <see cref="Dispose"/> throws <see cref="ObjectDisposedException"/>, and one of the
/// default value <see cref="InvalidOperationException"/>. Not thread-safe, whatever the allocator is.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
[DebuggerTypeProxy(typeof(ElementsDebugView<,>))]
public readonly unsafe partial struct NativeQueue<T, TAllocator> : IReadOnlyCollection<T>, IDisposable
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private readonly CollectionHandle<QueueBody<T>, TAllocator> _handle;

    /// <summary>Creates an empty queue with the specified capacity.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeQueue(TAllocator allocator, nint capacity = 0)
    {
        if (!TryCreate(allocator, capacity, out this))
        {
            CollectionMemory.ThrowOutOfMemory<T, TAllocator>(allocator, capacity);
        }
    }

    private NativeQueue(CollectionHandle<QueueBody<T>, TAllocator> handle) => _handle = handle;

    /// <summary>Creates an empty queue with the specified capacity.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public static bool TryCreate(TAllocator allocator, nint capacity, out NativeQueue<T, TAllocator> queue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        queue = default;
        if (!CollectionHandle<QueueBody<T>, TAllocator>.TryCreate(allocator, out var handle))
        {
            return false;
        }

        if (!handle.Body->TryReserve(allocator, capacity))
        {
            handle.Dispose();
            return false;
        }

        queue = new NativeQueue<T, TAllocator>(handle);
        return true;
    }

    /// <summary>Gets a value that indicates whether the queue was created and not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Gets the allocator of the queue.</summary>
    public TAllocator Allocator => _handle.Allocator;

    /// <summary>Gets the number of elements that lie in a row, from the first one on.</summary>
    internal nint CountToEnd => _handle.Body->CountToEnd;

    /// <summary>Gets the number of elements.</summary>
    /// <exception cref="OverflowException">
    /// The number exceeds <see cref="int.MaxValue"/>; use <see cref="LongCount"/>.
    /// </exception>
    public int Count => CollectionMemory.ToInt(LongCount);

    /// <summary>Gets the number of elements.</summary>
    public nint LongCount => _handle.Body->Count;

    /// <summary>Gets the number of elements that the queue has room for.</summary>
    /// <exception cref="OverflowException">
    /// The number exceeds <see cref="int.MaxValue"/>; use <see cref="LongCapacity"/>.
    /// </exception>
    public int Capacity => CollectionMemory.ToInt(LongCapacity);

    /// <summary>Gets the number of elements that the queue has room for.</summary>
    public nint LongCapacity => _handle.Body->Capacity;

    /// <summary>Appends an element.</summary>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the queue is unchanged.
    /// </exception>
    public void Enqueue(T item)
    {
        if (!TryEnqueue(item))
        {
            CollectionMemory.ThrowOutOfMemory<T, TAllocator>(_handle.Allocator, LongCount + 1);
        }
    }

    /// <summary>Appends an element.</summary>
    /// <returns>False, and the queue is unchanged, if the allocator cannot serve it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnqueue(T item)
    {
        QueueBody<T>* body = _handle.Body;
        if (body->Count == body->Capacity && !body->TryReserve(_handle.Allocator, body->Count + 1))
        {
            return false;
        }

        *body->At(body->Count) = item;
        body->Count++;
        body->Changed();
        return true;
    }

    /// <summary>Removes the first element.</summary>
    /// <exception cref="InvalidOperationException">The queue is empty.</exception>
    public T Dequeue()
    {
        if (!TryDequeue(out T item))
        {
            ThrowEmpty();
        }

        return item;
    }

    /// <summary>Removes the first element.</summary>
    /// <returns>False if the queue is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryDequeue(out T item)
    {
        QueueBody<T>* body = _handle.Body;
        if (body->Count == 0)
        {
            item = default;
            return false;
        }

        nint first = body->First;
        item = body->Elements[first];
        body->First = first + 1 < body->Capacity ? first + 1 : 0;
        body->Count--;
        body->Changed();
        return true;
    }

    /// <summary>Returns elements that lie in a row, counted from the first one of the queue.</summary>
    internal Span<T> AsSpan(nint start, int length)
    {
        QueueBody<T>* body = _handle.Body;
        nint row = start < body->CountToEnd ? body->CountToEnd : body->Count;
        CollectionMemory.CheckRange(start, length, row);
        return new Span<T>(body->At(start), length);
    }

    /// <summary>The first element, in place: until the queue grows or is disposed.</summary>
    /// <exception cref="InvalidOperationException">The queue is empty.</exception>
    public ref T Peek()
    {
        QueueBody<T>* body = _handle.Body;
        if (body->Count == 0)
        {
            ThrowEmpty();
        }

        return ref body->Elements[body->First];
    }

    /// <summary>Reads the first element.</summary>
    /// <returns>False if the queue is empty.</returns>
    public bool TryPeek(out T item)
    {
        QueueBody<T>* body = _handle.Body;
        item = body->Count > 0 ? body->Elements[body->First] : default;
        return body->Count > 0;
    }

    /// <summary>Determines whether an element equals the item.</summary>
    public bool Contains(T item)
    {
        QueueBody<T>* body = _handle.Body;
        for (nint index = 0; index < body->Count; index++)
        {
            if (EqualityComparer<T>.Default.Equals(*body->At(index), item))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Removes all elements. The capacity stays.</summary>
    public void Clear()
    {
        QueueBody<T>* body = _handle.Body;
        body->First = 0;
        body->Count = 0;
        body->Changed();
    }

    /// <summary>Ensures that the capacity is at least the specified number of elements.</summary>
    /// <returns>The new capacity.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the queue is unchanged.
    /// </exception>
    /// <exception cref="OverflowException">The new capacity exceeds <see cref="int.MaxValue"/>.</exception>
    public int EnsureCapacity(int capacity) => CollectionMemory.ToInt(EnsureCapacity((nint)capacity));

    /// <summary>Ensures that the capacity is at least the specified number of elements.</summary>
    /// <returns>The new capacity.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the queue is unchanged.
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
    /// <returns>False, and the queue is unchanged, if the allocator cannot serve it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public bool TryEnsureCapacity(nint capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        return _handle.Body->TryReserve(_handle.Allocator, capacity);
    }

    /// <summary>Frees unused capacity if it is more than a tenth of the capacity.</summary>
    /// <remarks>Does nothing if the allocator cannot serve a smaller block now.</remarks>
    public void TrimExcess()
    {
        QueueBody<T>* body = _handle.Body;
        if (CollectionMemory.IsExcessive(body->Count, body->Capacity))
        {
            _ = body->TryTrim(_handle.Allocator);
        }
    }

    /// <summary>Copies the elements, the first one first.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void CopyTo(Span<T> destination)
    {
        QueueBody<T>* body = _handle.Body;
        if (destination.Length < body->Count)
        {
            throw new ArgumentException($"{destination.Length} places for {body->Count} elements.");
        }

        fixed (T* start = destination)
        {
            body->CopyTo(start);
        }
    }

    /// <summary>Returns the elements, the first one first, as an array on the managed heap.</summary>
    public T[] ToArray()
    {
        var elements = new T[Count];
        CopyTo(elements);
        return elements;
    }

    /// <summary>Frees the memory of the queue. Subsequent calls do nothing.</summary>
    public void Dispose() => _handle.Dispose();

    private static void ThrowEmpty() => throw new InvalidOperationException("The queue is empty.");

    private string DebuggerText => IsAlive ? $"Count = {LongCount}" : "not alive";
}
