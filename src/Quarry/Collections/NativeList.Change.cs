using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Adding and removing.</content>
public readonly unsafe partial struct NativeList<T, TAllocator>
{
    /// <summary>Appends an element.</summary>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the list is unchanged.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T item)
    {
        ListBody<T>* body = _handle.Body;
        nint count = body->Count;
        if (count == body->Capacity)
        {
            AddSlow(_handle, item);
            return;
        }

        body->Elements[count] = item;
        body->Count = count + 1;
        body->Changed();
    }

    /// <summary>Appends an element.</summary>
    /// <returns>False, and the list is unchanged, if the allocator cannot serve it.</returns>
    public bool TryAdd(T item) => TryInsert(_handle.Body->Count, item);

    /// <summary>Appends elements; they may be some of the list itself.</summary>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the list is unchanged.
    /// </exception>
    public void AddRange(ReadOnlySpan<T> items) => InsertRange(_handle.Body->Count, items);

    /// <summary>Appends elements; they may be some of the list itself.</summary>
    /// <returns>False, and the list is unchanged, if the allocator cannot serve it.</returns>
    public bool TryAddRange(ReadOnlySpan<T> items) => TryInsertRange(_handle.Body->Count, items);

    /// <summary>Inserts an element at the index, which may be the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The index is negative or exceeds the count.
    /// </exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the list is unchanged.
    /// </exception>
    public void Insert(nint index, T item)
    {
        if (!TryInsert(index, item))
        {
            CollectionMemory.ThrowOutOfMemory<T, TAllocator>(_handle.Allocator, LongCount + 1);
        }
    }

    /// <summary>Inserts an element at the index, which may be the end.</summary>
    /// <returns>False, and the list is unchanged, if the allocator cannot serve it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The index is negative or exceeds the count.
    /// </exception>
    public bool TryInsert(nint index, T item)
    {
        ListBody<T>* body = _handle.Body;
        if ((nuint)index > (nuint)body->Count)
        {
            ThrowIndex(body);
        }

        bool reserved = body->TryReserve(_handle.Allocator, body->Count + 1);
        if (reserved)
        {
            *body->OpenGap(index, 1) = item;
        }

        return reserved;
    }

    /// <summary>
    /// Puts elements in front of the one at the index, or at the end; they may be some of the list itself.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The index is negative or exceeds the count.
    /// </exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the list is unchanged.
    /// </exception>
    public void InsertRange(nint index, ReadOnlySpan<T> items)
    {
        if (!TryInsertRange(index, items))
        {
            CollectionMemory.ThrowOutOfMemory<T, TAllocator>(_handle.Allocator, LongCount + items.Length);
        }
    }

    /// <inheritdoc cref="InsertRange"/>
    /// <returns>False, and the list is unchanged, if the allocator cannot serve it.</returns>
    public bool TryInsertRange(nint index, ReadOnlySpan<T> items)
    {
        ListBody<T>* body = _handle.Body;
        if ((nuint)index > (nuint)body->Count)
        {
            ThrowIndex(body);
        }

        return body->TryInsert(_handle.Allocator, index, items);
    }

    /// <summary>Removes the element at the index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public void RemoveAt(nint index)
    {
        ListBody<T>* body = _handle.BodyUnasked;
        if ((nuint)index >= (nuint)body->Count)
        {
            ThrowIndex(body);
        }

        body->RemoveRange(index, 1);
    }

    /// <summary>Removes consecutive elements.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of the numbers is negative.</exception>
    /// <exception cref="ArgumentException">Not all of the elements are in the list.</exception>
    public void RemoveRange(nint index, nint count)
    {
        ListBody<T>* body = _handle.Body;
        CollectionMemory.CheckRange(index, count, body->Count);
        if (count > 0)
        {
            body->RemoveRange(index, count);
        }
    }

    /// <summary>Removes the first element that equals the item.</summary>
    /// <returns>False if there is none.</returns>
    public bool Remove(T item)
    {
        int index = IndexOf(item);
        if (index >= 0)
        {
            RemoveAt(index);
        }

        return index >= 0;
    }

    /// <summary>Removes the elements that match.</summary>
    /// <returns>The number of elements removed.</returns>
    public nint RemoveAll(Predicate<T> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        nint kept = 0;
        for (nint index = 0; index < _handle.Body->Count; index++)
        {
            T item = this[index];
            if (!match(item))
            {
                this[kept++] = item;
            }
        }

        nint removed = _handle.Body->Count - kept;
        RemoveRange(kept, removed);
        return removed;
    }

    /// <summary>Removes all elements. The capacity stays.</summary>
    public void Clear()
    {
        ListBody<T>* body = _handle.Body;
        body->Count = 0;
        body->Changed();
    }

    /// <summary>Drops elements at the end, or adds what lies behind them: to be overwritten.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the list is unchanged.
    /// </exception>
    public void SetCount(nint count)
    {
        _ = EnsureCapacity(count);
        ListBody<T>* body = _handle.Body;
        body->Count = count;
        body->Changed();
    }

    // Static, so that the handle of the caller may stay in registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddSlow(CollectionHandle<ListBody<T>, TAllocator> handle, T item)
    {
        ListBody<T>* body = handle.Body;
        nint count = body->Count;
        if (!body->TryReserve(handle.Allocator, count + 1))
        {
            CollectionMemory.ThrowOutOfMemory<T, TAllocator>(handle.Allocator, count + 1);
        }

        body->Elements[count] = item;
        body->Count = count + 1;
        body->Changed();
    }
}
