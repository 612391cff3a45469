using System;
using System.Collections.Generic;

namespace Quarry;

/// <content>The list as an <see cref="IList{T}"/>, which boxes the handle, not the elements.</content>
public readonly unsafe partial struct NativeList<T, TAllocator> : IList<T>
{
    /// <inheritdoc/>
    bool ICollection<T>.IsReadOnly => false;

    /// <inheritdoc/>
    T IList<T>.this[int index]
    {
        get => this[index];
        set => this[index] = value;
    }

    /// <inheritdoc/>
    void IList<T>.Insert(int index, T item) => Insert(index, item);

    /// <inheritdoc/>
    void IList<T>.RemoveAt(int index) => RemoveAt(index);

    /// <inheritdoc/>
    void ICollection<T>.CopyTo(T[] array, int arrayIndex) => AsSpan().CopyTo(array.AsSpan(arrayIndex));
}
