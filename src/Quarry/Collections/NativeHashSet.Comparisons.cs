using System;
using System.Collections.Generic;

namespace Quarry;

/// <content>
/// Comparing the set with another one, on any allocator; with a span; or with any sequence. What is to be
/// gathered from a span or a sequence first is kept in memory of this set's allocator meanwhile.
/// </content>
public readonly unsafe partial struct NativeHashSet<T, TAllocator>
{
    /// <summary>Determines whether the set and another set have an element in common.</summary>
    public bool Overlaps<TOther>(NativeHashSet<T, TOther> other) where TOther : unmanaged, IAllocator =>
        HasAny(other.GetEnumerator(), present: true);

    /// <summary>Determines whether the set and a span have an element in common.</summary>
    public bool Overlaps(ReadOnlySpan<T> other) => HasAny(other.GetEnumerator(), present: true);

    /// <summary>Determines whether the set and a sequence have an element in common.</summary>
    public bool Overlaps(IEnumerable<T> other) => HasAny(EnumeratorOf(other), present: true);

    /// <summary>Determines whether the set is a superset of another set.</summary>
    public bool IsSupersetOf<TOther>(NativeHashSet<T, TOther> other) where TOther : unmanaged, IAllocator =>
        !HasAny(other.GetEnumerator(), present: false);

    /// <summary>Determines whether the set is a superset of a span.</summary>
    public bool IsSupersetOf(ReadOnlySpan<T> other) => !HasAny(other.GetEnumerator(), present: false);

    /// <summary>Determines whether the set is a superset of a sequence.</summary>
    public bool IsSupersetOf(IEnumerable<T> other) => !HasAny(EnumeratorOf(other), present: false);

    /// <summary>Determines whether the set is a proper superset of another set.</summary>
    public bool IsProperSupersetOf<TOther>(NativeHashSet<T, TOther> other)
        where TOther : unmanaged, IAllocator =>
        Count > other.Count && IsSupersetOf(other);

    /// <summary>Determines whether the set is a proper superset of a span.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool IsProperSupersetOf(ReadOnlySpan<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(other.GetEnumerator());
        return IsProperSupersetOf(set);
    }

    /// <summary>Determines whether the set is a proper superset of a sequence.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool IsProperSupersetOf(IEnumerable<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(EnumeratorOf(other));
        return IsProperSupersetOf(set);
    }

    /// <summary>Determines whether the set is a subset of another set.</summary>
    public bool IsSubsetOf<TOther>(NativeHashSet<T, TOther> other) where TOther : unmanaged, IAllocator =>
        Count <= other.Count && other.IsSupersetOf(this);

    /// <summary>Determines whether the set is a subset of a span.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool IsSubsetOf(ReadOnlySpan<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(other.GetEnumerator());
        return IsSubsetOf(set);
    }

    /// <summary>Determines whether the set is a subset of a sequence.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool IsSubsetOf(IEnumerable<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(EnumeratorOf(other));
        return IsSubsetOf(set);
    }

    /// <summary>Determines whether the set is a proper subset of another set.</summary>
    public bool IsProperSubsetOf<TOther>(NativeHashSet<T, TOther> other)
        where TOther : unmanaged, IAllocator =>
        Count < other.Count && other.IsSupersetOf(this);

    /// <summary>Determines whether the set is a proper subset of a span.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool IsProperSubsetOf(ReadOnlySpan<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(other.GetEnumerator());
        return IsProperSubsetOf(set);
    }

    /// <summary>Determines whether the set is a proper subset of a sequence.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool IsProperSubsetOf(IEnumerable<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(EnumeratorOf(other));
        return IsProperSubsetOf(set);
    }

    /// <summary>Determines whether the set and another set contain the same elements.</summary>
    public bool SetEquals<TOther>(NativeHashSet<T, TOther> other) where TOther : unmanaged, IAllocator =>
        Count == other.Count && IsSupersetOf(other);

    /// <summary>Determines whether the set and a span contain the same elements.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool SetEquals(ReadOnlySpan<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(other.GetEnumerator());
        return SetEquals(set);
    }

    /// <summary>Determines whether the set and a sequence contain the same elements.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool SetEquals(IEnumerable<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(EnumeratorOf(other));
        return SetEquals(set);
    }

    /// <summary>Whether any of them is here; or, for false, whether any is not.</summary>
    private bool HasAny<TItems>(TItems items, bool present) where TItems : IEnumerator<T>, allows ref struct
    {
        using (items)
        {
            while (items.MoveNext())
            {
                if (Contains(items.Current) == present)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
