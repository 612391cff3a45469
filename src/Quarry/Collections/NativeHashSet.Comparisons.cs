using System;
using System.Collections.Generic;

namespace Quarry;

/// <content>
/// Comparing the set with another one, on any allocator; with a span; or with any sequence. What is to be
/// gathered from a span or a sequence first is kept in memory of this set's allocator meanwhile.
/// </content>
public readonly unsafe partial struct NativeHashSet<T, TAllocator>
{
    /// <summary>Whether any element of another set is here.</summary>
    public bool Overlaps<TOther>(NativeHashSet<T, TOther> other) where TOther : unmanaged, IAllocator =>
        HasAny(other.GetEnumerator(), present: true);

    /// <summary>Whether any element of a span is here.</summary>
    public bool Overlaps(ReadOnlySpan<T> other) => HasAny(other.GetEnumerator(), present: true);

    /// <summary>Whether any element of a sequence is here.</summary>
    public bool Overlaps(IEnumerable<T> other) => HasAny(EnumeratorOf(other), present: true);

    /// <summary>Whether all elements of another set are here.</summary>
    public bool IsSupersetOf<TOther>(NativeHashSet<T, TOther> other) where TOther : unmanaged, IAllocator =>
        !HasAny(other.GetEnumerator(), present: false);

    /// <summary>Whether all elements of a span are here.</summary>
    public bool IsSupersetOf(ReadOnlySpan<T> other) => !HasAny(other.GetEnumerator(), present: false);

    /// <summary>Whether all elements of a sequence are here.</summary>
    public bool IsSupersetOf(IEnumerable<T> other) => !HasAny(EnumeratorOf(other), present: false);

    /// <summary>Whether all elements of another set are here, and others too.</summary>
    public bool IsProperSupersetOf<TOther>(NativeHashSet<T, TOther> other)
        where TOther : unmanaged, IAllocator =>
        Count > other.Count && IsSupersetOf(other);

    /// <summary>Whether all elements of a span are here, and others too.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool IsProperSupersetOf(ReadOnlySpan<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(other.GetEnumerator());
        return IsProperSupersetOf(set);
    }

    /// <summary>Whether all elements of a sequence are here, and others too.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool IsProperSupersetOf(IEnumerable<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(EnumeratorOf(other));
        return IsProperSupersetOf(set);
    }

    /// <summary>Whether all elements are in another set.</summary>
    public bool IsSubsetOf<TOther>(NativeHashSet<T, TOther> other) where TOther : unmanaged, IAllocator =>
        Count <= other.Count && other.IsSupersetOf(this);

    /// <summary>Whether all elements are in a span.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool IsSubsetOf(ReadOnlySpan<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(other.GetEnumerator());
        return IsSubsetOf(set);
    }

    /// <summary>Whether all elements are in a sequence.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool IsSubsetOf(IEnumerable<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(EnumeratorOf(other));
        return IsSubsetOf(set);
    }

    /// <summary>Whether all elements are in another set, and others too.</summary>
    public bool IsProperSubsetOf<TOther>(NativeHashSet<T, TOther> other)
        where TOther : unmanaged, IAllocator =>
        Count < other.Count && other.IsSupersetOf(this);

    /// <summary>Whether all elements are in a span, and others too.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool IsProperSubsetOf(ReadOnlySpan<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(other.GetEnumerator());
        return IsProperSubsetOf(set);
    }

    /// <summary>Whether all elements are in a sequence, and others too.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool IsProperSubsetOf(IEnumerable<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(EnumeratorOf(other));
        return IsProperSubsetOf(set);
    }

    /// <summary>Whether the elements are those of another set.</summary>
    public bool SetEquals<TOther>(NativeHashSet<T, TOther> other) where TOther : unmanaged, IAllocator =>
        Count == other.Count && IsSupersetOf(other);

    /// <summary>Whether the elements are those of a span.</summary>
    /// <exception cref="OutOfMemoryException">Its elements cannot be gathered.</exception>
    public bool SetEquals(ReadOnlySpan<T> other)
    {
        using NativeHashSet<T, TAllocator> set = Gather(other.GetEnumerator());
        return SetEquals(set);
    }

    /// <summary>Whether the elements are those of a sequence.</summary>
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
