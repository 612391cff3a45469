using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Quarry;

/// <summary>A <see cref="PriorityQueue{TElement, TPriority}"/> in memory of an allocator.</summary>
/// <remarks>
/// <para>
/// The element with the least priority comes first; of equal ones, any. The order is that of
/// <see cref="Comparer{T}.Default"/>: for another one, make the priority a struct that implements
/// <see cref="IComparable{T}"/>, which is called directly. Enqueueing and dequeueing take time in proportion
/// to the logarithm of the count.
/// </para>
/// <para>
/// The struct is a handle of 16 bytes: its copies are the same queue. Elements are not disposed with the
/// queue. It belongs to whoever disposes it, once, through any copy; a second time does nothing. Where the
/// allocator gives all of its memory back at once, the queue may be left to it, and must not be used after.
/// A member used after <see cref="Dispose"/> throws <see cref="ObjectDisposedException"/>, and one of the
/// default value <see cref="InvalidOperationException"/>. Not thread-safe, whatever the allocator is.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
[DebuggerTypeProxy(typeof(EntriesDebugView<,,>))]
public readonly unsafe struct NativePriorityQueue<TElement, TPriority, TAllocator> : IDisposable
    where TElement : unmanaged
    where TPriority : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private readonly CollectionHandle<PriorityQueueBody<TElement, TPriority>, TAllocator> _handle;

    /// <summary>Creates an empty queue with the specified capacity.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativePriorityQueue(TAllocator allocator, nint capacity = 0)
    {
        if (!TryCreate(allocator, capacity, out this))
        {
            ThrowOutOfMemory(allocator, capacity);
        }
    }

    private NativePriorityQueue(
        CollectionHandle<PriorityQueueBody<TElement, TPriority>, TAllocator> handle) => _handle = handle;

    /// <summary>Creates an empty queue with the specified capacity.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public static bool TryCreate(
        TAllocator allocator, nint capacity, out NativePriorityQueue<TElement, TPriority, TAllocator> queue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        queue = default;
        if (!CollectionHandle<PriorityQueueBody<TElement, TPriority>, TAllocator>.TryCreate(
            allocator, out var handle))
        {
            return false;
        }

        if (!handle.Body->Nodes.TryReserve(allocator, capacity))
        {
            handle.Dispose();
            return false;
        }

        queue = new NativePriorityQueue<TElement, TPriority, TAllocator>(handle);
        return true;
    }

    /// <summary>Gets a value that indicates whether the queue was created and not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Gets the allocator of the queue.</summary>
    public TAllocator Allocator => _handle.Allocator;

    /// <summary>Gets the number of elements.</summary>
    /// <exception cref="OverflowException">
    /// The number exceeds <see cref="int.MaxValue"/>; use <see cref="LongCount"/>.
    /// </exception>
    public int Count => CollectionMemory.ToInt(LongCount);

    /// <summary>Gets the number of elements.</summary>
    public nint LongCount => _handle.Body->Nodes.Count;

    /// <summary>Gets the number of elements that the queue has room for.</summary>
    /// <exception cref="OverflowException">
    /// The number exceeds <see cref="int.MaxValue"/>; use <see cref="LongCapacity"/>.
    /// </exception>
    public int Capacity => CollectionMemory.ToInt(LongCapacity);

    /// <summary>Gets the number of elements that the queue has room for.</summary>
    public nint LongCapacity => _handle.Body->Nodes.Capacity;

    /// <summary>The elements in no order, in place: until the queue changes or is disposed.</summary>
    public ReadOnlySpan<(TElement Element, TPriority Priority)> UnorderedItems =>
        new(_handle.Body->Nodes.Elements, Count);

    /// <summary>Adds an element.</summary>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the queue is unchanged.
    /// </exception>
    public void Enqueue(TElement element, TPriority priority)
    {
        if (!TryEnqueue(element, priority))
        {
            ThrowOutOfMemory(_handle.Allocator, LongCount + 1);
        }
    }

    /// <summary>Adds an element.</summary>
    /// <returns>False, and the queue is unchanged, if the allocator cannot serve it.</returns>
    public bool TryEnqueue(TElement element, TPriority priority)
    {
        var body = _handle.Body;
        bool reserved = body->Nodes.Count < body->Nodes.Capacity
            || body->Nodes.TryReserve(_handle.Allocator, body->Nodes.Count + 1);
        if (reserved)
        {
            body->Enqueue((element, priority));
        }

        return reserved;
    }

    /// <summary>Adds elements; to an empty queue, in time proportional to their number.</summary>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the queue is unchanged.
    /// </exception>
    public void EnqueueRange(ReadOnlySpan<(TElement Element, TPriority Priority)> items)
    {
        if (!TryEnqueueRange(items))
        {
            ThrowOutOfMemory(_handle.Allocator, LongCount + items.Length);
        }
    }

    /// <summary>Adds elements; to an empty queue, in time proportional to their number.</summary>
    /// <returns>False, and the queue is unchanged, if the allocator cannot serve it.</returns>
    public bool TryEnqueueRange(ReadOnlySpan<(TElement Element, TPriority Priority)> items) =>
        _handle.Body->TryEnqueueRange(_handle.Allocator, items);

    /// <summary>Removes the first element.</summary>
    /// <exception cref="InvalidOperationException">The queue is empty.</exception>
    public TElement Dequeue()
    {
        if (!TryDequeue(out TElement element, out _))
        {
            ThrowEmpty();
        }

        return element;
    }

    /// <summary>Removes the first element.</summary>
    /// <returns>False if the queue is empty.</returns>
    public bool TryDequeue(out TElement element, out TPriority priority)
    {
        bool any = TryPeek(out element, out priority);
        if (any)
        {
            _handle.Body->RemoveAt(0);
        }

        return any;
    }

    /// <summary>Reads the first element.</summary>
    /// <exception cref="InvalidOperationException">The queue is empty.</exception>
    public TElement Peek()
    {
        if (!TryPeek(out TElement element, out _))
        {
            ThrowEmpty();
        }

        return element;
    }

    /// <summary>Reads the first element.</summary>
    /// <returns>False if the queue is empty.</returns>
    public bool TryPeek(out TElement element, out TPriority priority)
    {
        var body = _handle.Body;
        (element, priority) = body->Nodes.Count > 0 ? body->Nodes.Elements[0] : default;
        return body->Nodes.Count > 0;
    }

    /// <summary>Puts an element in and then removes the first one, which may be the same.</summary>
    /// <returns>The element removed. Takes no memory.</returns>
    public TElement EnqueueDequeue(TElement element, TPriority priority)
    {
        if (!TryPeek(out TElement first, out TPriority least)
            || !PriorityQueueBody<TElement, TPriority>.IsBefore(least, priority))
        {
            return element;
        }

        _handle.Body->ReplaceFirst((element, priority));
        return first;
    }

    /// <summary>Removes the first element and then puts one in.</summary>
    /// <returns>The element removed. Takes no memory.</returns>
    /// <exception cref="InvalidOperationException">The queue is empty.</exception>
    public TElement DequeueEnqueue(TElement element, TPriority priority)
    {
        TElement first = Peek();
        _handle.Body->ReplaceFirst((element, priority));
        return first;
    }

    /// <summary>Removes an element that equals the given one. Looks at all of them.</summary>
    /// <returns>False if there is none.</returns>
    public bool Remove(TElement element, out TElement removedElement, out TPriority priority)
    {
        var body = _handle.Body;
        for (nint index = 0; index < body->Nodes.Count; index++)
        {
            (removedElement, priority) = body->Nodes.Elements[index];
            if (EqualityComparer<TElement>.Default.Equals(element, removedElement))
            {
                body->RemoveAt(index);
                return true;
            }
        }

        (removedElement, priority) = (default, default);
        return false;
    }

    /// <summary>Removes all elements. The capacity stays.</summary>
    public void Clear()
    {
        var body = _handle.Body;
        body->Nodes.Count = 0;
        body->Nodes.Changed();
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
            ThrowOutOfMemory(_handle.Allocator, capacity);
        }

        return LongCapacity;
    }

    /// <summary>Ensures that the capacity is at least the specified number of elements.</summary>
    /// <returns>False, and the queue is unchanged, if the allocator cannot serve it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public bool TryEnsureCapacity(nint capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        return _handle.Body->Nodes.TryReserve(_handle.Allocator, capacity);
    }

    /// <summary>Frees unused capacity if it is more than a tenth of the capacity.</summary>
    /// <remarks>Does nothing if the allocator cannot shrink the block now.</remarks>
    public void TrimExcess()
    {
        var body = _handle.Body;
        if (CollectionMemory.IsExcessive(body->Nodes.Count, body->Nodes.Capacity))
        {
            _ = body->Nodes.TryResize(_handle.Allocator, body->Nodes.Count);
        }
    }

    /// <summary>Frees the memory of the queue. Subsequent calls do nothing.</summary>
    public void Dispose() => _handle.Dispose();

    private static void ThrowOutOfMemory(TAllocator allocator, nint count) =>
        CollectionMemory.ThrowOutOfMemory<(TElement, TPriority), TAllocator>(allocator, count);

    private static void ThrowEmpty() => throw new InvalidOperationException("The queue is empty.");

    private string DebuggerText => IsAlive ? $"Count = {LongCount}" : "not alive";
}
