using System;
using System.Collections.Generic;

namespace Quarry;

/// <content>
/// Finding, sorting and copying: all of them through a span, so up to 2^31 - 1 elements. What they call to
/// compare must not change the list.
/// </content>
public readonly unsafe partial struct NativeList<T, TAllocator>
{
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

    /// <summary>Determines whether an element matches.</summary>
    public bool Exists(Predicate<T> match) => FindIndex(match) >= 0;

    /// <summary>Returns the index of an element that equals the item, in a sorted list.</summary>
    /// <returns>
    /// If there is none, the complement (<c>~</c>) of the index of the first larger element, or of the count.
    /// </returns>
    public int BinarySearch(T item) => BinarySearch(item, Comparer<T>.Default);

    /// <inheritdoc cref="BinarySearch(T)"/>
    /// <param name="item">The item.</param>
    /// <param name="comparer">The order that the list is sorted by; a struct is called directly.</param>
    public int BinarySearch<TComparer>(T item, TComparer comparer) where TComparer : IComparer<T> =>
        AsSpan().BinarySearch(item, comparer);

    /// <summary>Sorts the elements; equal ones come in any order.</summary>
    /// <exception cref="InvalidOperationException">The elements cannot be compared.</exception>
    public void Sort()
    {
        AsSpan().Sort();
        _handle.Body->Changed();
    }

    /// <summary>Sorts the elements by a comparer, which is not boxed; equal ones come in any order.</summary>
    /// <exception cref="InvalidOperationException">The comparer threw.</exception>
    public void Sort<TComparer>(TComparer comparer) where TComparer : struct, IComparer<T>
    {
        Introsort.Sort(AsSpan(), comparer);
        _handle.Body->Changed();
    }

    /// <summary>Sorts the elements by a function; equal ones come in any order.</summary>
    /// <exception cref="InvalidOperationException">The function threw.</exception>
    public void Sort(Comparison<T> comparison)
    {
        AsSpan().Sort(comparison);
        _handle.Body->Changed();
    }

    /// <summary>Reverses the order of the elements.</summary>
    public void Reverse()
    {
        AsSpan().Reverse();
        _handle.Body->Changed();
    }

    /// <summary>Assigns a value to all elements.</summary>
    public void Fill(T value)
    {
        AsSpan().Fill(value);
        _handle.Body->Changed();
    }

    /// <summary>Returns a part of the elements, in place: what <c>list[1..3]</c> calls.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of the numbers is negative.</exception>
    /// <exception cref="ArgumentException">Not all of the elements are in the list.</exception>
    public Span<T> Slice(int start, int length) => AsSpan(start, length);

    /// <summary>
    /// Returns the elements as a slice, which can be stored; it is valid until the list grows or is disposed.
    /// </summary>
    public NativeSlice<T> AsSlice()
    {
        ListBody<T>* body = _handle.Body;
        return new NativeSlice<T>(body->Elements, body->Count);
    }

    /// <summary>Copies the elements.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void CopyTo(Span<T> destination) => AsSpan().CopyTo(destination);

    /// <summary>Returns the elements as an array on the managed heap.</summary>
    public T[] ToArray() => AsSpan().ToArray();
}
