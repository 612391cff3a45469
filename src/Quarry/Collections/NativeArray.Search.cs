using System;

namespace Quarry;

/// <content>
/// Parts, searching, sorting and another length. What goes through a span is for up to 2^31 - 1 elements.
/// </content>
public readonly unsafe partial struct NativeArray<T, TAllocator>
{
    /// <summary>Returns a part of the elements, in place: what <c>array[1..3]</c> calls.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of the numbers is negative.</exception>
    /// <exception cref="ArgumentException">Not all of the elements are in the array.</exception>
    public Span<T> Slice(int start, int length) => AsSpan(start, length);

    /// <summary>
    /// Returns the elements as a slice, which can be stored; it is valid until the array is resized or
    /// disposed.
    /// </summary>
    public NativeSlice<T> AsSlice()
    {
        ArrayBody<T>* body = _handle.Body;
        return new NativeSlice<T>(body->Elements, body->Length);
    }

    /// <summary>Assigns a value to all elements.</summary>
    public void Fill(T value)
    {
        ArrayBody<T>* body = _handle.Body;
        for (nint start = 0; start < body->Length; start += int.MaxValue)
        {
            AsSpan(start, (int)nint.Min(body->Length - start, int.MaxValue)).Fill(value);
        }
    }

    /// <summary>Determines whether an element equals the item.</summary>
    public bool Contains(T item) => IndexOf(item) >= 0;

    /// <summary>Returns the index of the first element that equals the item; -1 if there is none.</summary>
    public int IndexOf(T item) => ((ReadOnlySpan<T>)AsSpan()).IndexOf(item, comparer: null);

    /// <summary>Returns the index of the last element that equals the item; -1 if there is none.</summary>
    public int LastIndexOf(T item) => ((ReadOnlySpan<T>)AsSpan()).LastIndexOf(item, comparer: null);

    /// <summary>Returns the index of the first element that matches; -1 if there is none.</summary>
    public int FindIndex(Predicate<T> match) => AsSpan().FindIndex(match);

    /// <summary>Returns the index of the last element that matches; -1 if there is none.</summary>
    public int FindLastIndex(Predicate<T> match) => AsSpan().FindLastIndex(match);

    /// <summary>Sorts the elements; equal ones come in any order.</summary>
    /// <exception cref="InvalidOperationException">The elements cannot be compared.</exception>
    public void Sort() => AsSpan().Sort();

    /// <summary>Reverses the order of the elements.</summary>
    public void Reverse() => AsSpan().Reverse();

    /// <summary>
    /// Changes the length, as <see cref="Array.Resize"/> does; all copies of the handle have the new one. The
    /// elements may move, and new ones are zero.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the request; the array is unchanged.
    /// </exception>
    public void Resize(nint length)
    {
        if (!TryResize(length))
        {
            CollectionMemory.ThrowOutOfMemory<T, TAllocator>(_handle.Allocator, length);
        }
    }

    /// <summary>Changes the length; see <see cref="Resize"/>.</summary>
    /// <returns>False, and the array is unchanged, if the allocator cannot serve the request.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public bool TryResize(nint length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArrayBody<T>* body = _handle.Body;
        nint old = body->Length;
        T* elements = CollectionMemory.TryReallocate(_handle.Allocator, body->Elements, old, length);
        if (elements == null)
        {
            return false;
        }

        if (length > old)
        {
            Memory.Clear(elements + old, (nuint)(length - old) * (nuint)sizeof(T));
        }

        *body = new ArrayBody<T> { Elements = elements, Length = length };
        return true;
    }
}
