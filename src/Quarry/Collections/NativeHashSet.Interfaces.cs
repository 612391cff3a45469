using System;
using System.Collections.Generic;

namespace Quarry;

/// <content>The set as an <see cref="ISet{T}"/>, which boxes the handle, not the elements.</content>
public readonly unsafe partial struct NativeHashSet<T, TAllocator> : ISet<T>
{
    /// <inheritdoc/>
    bool ICollection<T>.IsReadOnly => false;

    /// <summary>Returns the elements as an array, in the order of their enumeration.</summary>
    public T[] ToArray()
    {
        T[] elements = new T[Count];
        CopyTo(elements);
        return elements;
    }

    /// <inheritdoc/>
    void ICollection<T>.Add(T item) => Add(item);

    /// <inheritdoc/>
    void ICollection<T>.CopyTo(T[] array, int arrayIndex) => CopyTo(array.AsSpan(arrayIndex));
}
