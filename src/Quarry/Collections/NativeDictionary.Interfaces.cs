using System;
using System.Collections.Generic;

namespace Quarry;

/// <content>
/// The dictionary as an <see cref="IDictionary{TKey,TValue}"/>, which boxes the handle, not the entries.
/// </content>
public readonly unsafe partial struct NativeDictionary<TKey, TValue, TAllocator> : IDictionary<TKey, TValue>
{
    /// <inheritdoc/>
    bool ICollection<KeyValuePair<TKey, TValue>>.IsReadOnly => false;

    /// <inheritdoc/>
    ICollection<TKey> IDictionary<TKey, TValue>.Keys => Keys;

    /// <inheritdoc/>
    ICollection<TValue> IDictionary<TKey, TValue>.Values => Values;

    /// <inheritdoc/>
    void ICollection<KeyValuePair<TKey, TValue>>.Add(KeyValuePair<TKey, TValue> item) =>
        Add(item.Key, item.Value);

    /// <inheritdoc/>
    bool ICollection<KeyValuePair<TKey, TValue>>.Contains(KeyValuePair<TKey, TValue> item) =>
        TryGetValue(item.Key, out TValue value)
        && EqualityComparer<TValue>.Default.Equals(value, item.Value);

    /// <inheritdoc/>
    bool ICollection<KeyValuePair<TKey, TValue>>.Remove(KeyValuePair<TKey, TValue> item) =>
        ((ICollection<KeyValuePair<TKey, TValue>>)this).Contains(item) && Remove(item.Key);

    /// <inheritdoc/>
    void ICollection<KeyValuePair<TKey, TValue>>.CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        Span<KeyValuePair<TKey, TValue>> places = Places(array, arrayIndex);
        foreach (KeyValuePair<TKey, TValue> entry in this)
        {
            places[0] = entry;
            places = places[1..];
        }
    }

    private Span<TPlace> Places<TPlace>(TPlace[] array, int index)
    {
        Span<TPlace> places = array.AsSpan(index);
        return places.Length >= Count
            ? places
            : throw new ArgumentException($"{Count} entries do not fit into {places.Length}.", nameof(array));
    }

    private static NotSupportedException ReadOnly() =>
        new("The keys and values of a dictionary are changed through the dictionary.");

    public readonly partial struct KeyCollection : ICollection<TKey>
    {
        /// <inheritdoc/>
        bool ICollection<TKey>.IsReadOnly => true;

        /// <summary>Determines whether the dictionary has a key.</summary>
        public bool Contains(TKey item) => _dictionary.ContainsKey(item);

        /// <inheritdoc/>
        public void CopyTo(TKey[] array, int arrayIndex)
        {
            Span<TKey> places = _dictionary.Places(array, arrayIndex);
            int copied = 0;
            foreach (TKey key in this)
            {
                places[copied++] = key;
            }
        }

        /// <inheritdoc/>
        void ICollection<TKey>.Add(TKey item) => throw ReadOnly();

        /// <inheritdoc/>
        void ICollection<TKey>.Clear() => throw ReadOnly();

        /// <inheritdoc/>
        bool ICollection<TKey>.Remove(TKey item) => throw ReadOnly();
    }

    public readonly partial struct ValueCollection : ICollection<TValue>
    {
        /// <inheritdoc/>
        bool ICollection<TValue>.IsReadOnly => true;

        /// <summary>Determines whether a key has the value, by looking at all entries.</summary>
        public bool Contains(TValue item) => _dictionary.ContainsValue(item);

        /// <inheritdoc/>
        public void CopyTo(TValue[] array, int arrayIndex)
        {
            Span<TValue> places = _dictionary.Places(array, arrayIndex);
            int copied = 0;
            foreach (TValue value in this)
            {
                places[copied++] = value;
            }
        }

        /// <inheritdoc/>
        void ICollection<TValue>.Add(TValue item) => throw ReadOnly();

        /// <inheritdoc/>
        void ICollection<TValue>.Clear() => throw ReadOnly();

        /// <inheritdoc/>
        bool ICollection<TValue>.Remove(TValue item) => throw ReadOnly();
    }
}
