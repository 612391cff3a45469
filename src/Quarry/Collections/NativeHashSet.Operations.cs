using System;
using System.Collections.Generic;

namespace Quarry;

/// <content>
/// Changing the set by another one, on any allocator; by a span; or by any sequence. What is to be gathered
/// from a span or a sequence first is kept in memory of this set's allocator meanwhile.
/// </content>
public readonly unsafe partial struct NativeHashSet<T, TAllocator>
{
    /// <summary>Adds all elements of another set.</summary>
    /// <exception cref="OutOfMemoryException">Some may have been added by then.</exception>
    public void UnionWith<TOther>(NativeHashSet<T, TOther> other) where TOther : unmanaged, IAllocator =>
        AddAll(other.GetEnumerator());

    /// <summary>Adds all elements of a span.</summary>
    /// <exception cref="OutOfMemoryException">Some may have been added by then.</exception>
    public void UnionWith(ReadOnlySpan<T> other) => AddAll(other.GetEnumerator());

    /// <summary>Adds all elements of a sequence.</summary>
    /// <exception cref="OutOfMemoryException">Some may have been added by then.</exception>
    public void UnionWith(IEnumerable<T> other) => AddAll(EnumeratorOf(other));

    /// <summary>Removes all elements of another set.</summary>
    public void ExceptWith<TOther>(NativeHashSet<T, TOther> other) where TOther : unmanaged, IAllocator =>
        RemoveAll(other.GetEnumerator());

    /// <summary>Removes all elements of a span.</summary>
    public void ExceptWith(ReadOnlySpan<T> other) => RemoveAll(other.GetEnumerator());

    /// <summary>Removes all elements of a sequence.</summary>
    public void ExceptWith(IEnumerable<T> other) => RemoveAll(EnumeratorOf(other));

    /// <summary>Removes the elements that are not in another set.</summary>
    public void IntersectWith<TOther>(NativeHashSet<T, TOther> other) where TOther : unmanaged, IAllocator
    {
        foreach (T item in this)
        {
            if (!other.Contains(item))
            {
                _ = Remove(item);
            }
        }
    }

    /// <summary>Removes the elements that are not in a span.</summary>
    /// <exception cref="OutOfMemoryException">The set is unchanged.</exception>
    public void IntersectWith(ReadOnlySpan<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(other.GetEnumerator());
        IntersectWith(set);
    }

    /// <summary>Removes the elements that are not in a sequence.</summary>
    /// <exception cref="OutOfMemoryException">The set is unchanged.</exception>
    public void IntersectWith(IEnumerable<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(EnumeratorOf(other));
        IntersectWith(set);
    }

    /// <summary>Adds the elements of another set that are not here, and removes those that are.</summary>
    /// <exception cref="OutOfMemoryException">That may have been done for some by then.</exception>
    public void SymmetricExceptWith<TOther>(NativeHashSet<T, TOther> other)
        where TOther : unmanaged, IAllocator
    {
        foreach (T item in other)
        {
            if (!Remove(item))
            {
                _ = Add(item);
            }
        }
    }

    /// <summary>Adds the elements of a span that are not here, and removes those that are.</summary>
    /// <exception cref="OutOfMemoryException">That may have been done for some by then.</exception>
    public void SymmetricExceptWith(ReadOnlySpan<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(other.GetEnumerator());
        SymmetricExceptWith(set);
    }

    /// <summary>Adds the elements of a sequence that are not here, and removes those that are.</summary>
    /// <exception cref="OutOfMemoryException">That may have been done for some by then.</exception>
    public void SymmetricExceptWith(IEnumerable<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(EnumeratorOf(other));
        SymmetricExceptWith(set);
    }

    private static IEnumerator<T> EnumeratorOf(IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items.GetEnumerator();
    }

    private void AddAll<TItems>(TItems items) where TItems : IEnumerator<T>, allows ref struct
    {
        using (items)
        {
            while (items.MoveNext())
            {
                _ = Add(items.Current);
            }
        }
    }

    private void RemoveAll<TItems>(TItems items) where TItems : IEnumerator<T>, allows ref struct
    {
        using (items)
        {
            while (items.MoveNext())
            {
                _ = Remove(items.Current);
            }
        }
    }

    /// <summary>The different elements among some, as a set to be disposed.</summary>
    private NativeHashSet<T, TAllocator> Gather<TItems>(TItems items)
        where TItems : IEnumerator<T>, allows ref struct
    {
        _ = _items.Table;
        NativeHashSet<T, TAllocator> set = new(_items.Allocator);
        try
        {
            set.AddAll(items);
        }
        catch
        {
            set.Dispose();
            throw;
        }

        return set;
    }
}
