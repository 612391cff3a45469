using System.Collections;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Enumerating entries, keys and values.</content>
public readonly unsafe partial struct NativeDictionary<TKey, TValue, TAllocator>
    : IReadOnlyDictionary<TKey, TValue>
{
    /// <summary>Gets the keys, in the order of the entries.</summary>
    public KeyCollection Keys => new(this);

    /// <summary>Gets the values, in the order of the entries.</summary>
    public ValueCollection Values => new(this);

    /// <inheritdoc/>
    IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => Keys;

    /// <inheritdoc/>
    IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => Values;

    /// <summary>
    /// Enumerates the entries: in the order they were added, except that a new one may take the place of one
    /// that was removed.
    /// </summary>
    /// <remarks>
    /// Entries may be removed meanwhile. If some are added, the checked library throws; otherwise each may
    /// come, or not, and the others do.
    /// </remarks>
    public Enumerator GetEnumerator() => new(this);

    /// <inheritdoc/>
    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() =>
        GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Enumerates the entries.</summary>
    public struct Enumerator : IEnumerator<KeyValuePair<TKey, TValue>>
    {
        private HashCursor<TKey, HashPair<TKey, TValue>, TAllocator> _cursor;
        private HashPair<TKey, TValue> _current;

        internal Enumerator(NativeDictionary<TKey, TValue, TAllocator> dictionary) =>
            _cursor = new HashCursor<TKey, HashPair<TKey, TValue>, TAllocator>(dictionary._items);

        /// <inheritdoc/>
        public readonly KeyValuePair<TKey, TValue> Current => new(_current.Key, _current.Value);

        /// <inheritdoc/>
        readonly object IEnumerator.Current => Current;

        internal readonly TKey Key => _current.Key;

        internal readonly TValue Value => _current.Value;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext() => _cursor.MoveNext(ref _current);

        /// <inheritdoc/>
        public void Reset() => _cursor.Reset();

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }

    /// <summary>The keys of a dictionary.</summary>
    public readonly partial struct KeyCollection : IReadOnlyCollection<TKey>
    {
        private readonly NativeDictionary<TKey, TValue, TAllocator> _dictionary;

        internal KeyCollection(NativeDictionary<TKey, TValue, TAllocator> dictionary) =>
            _dictionary = dictionary;

        /// <inheritdoc/>
        public int Count => _dictionary.Count;

        /// <inheritdoc cref="IEnumerable{T}.GetEnumerator"/>
        public Enumerator GetEnumerator() => new(_dictionary);

        /// <inheritdoc/>
        IEnumerator<TKey> IEnumerable<TKey>.GetEnumerator() => GetEnumerator();

        /// <inheritdoc/>
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <summary>Enumerates the keys.</summary>
        public struct Enumerator : IEnumerator<TKey>
        {
            private NativeDictionary<TKey, TValue, TAllocator>.Enumerator _entries;

            internal Enumerator(NativeDictionary<TKey, TValue, TAllocator> dictionary) =>
                _entries = dictionary.GetEnumerator();

            /// <inheritdoc/>
            public readonly TKey Current => _entries.Key;

            /// <inheritdoc/>
            readonly object IEnumerator.Current => Current;

            /// <inheritdoc/>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public bool MoveNext() => _entries.MoveNext();

            /// <inheritdoc/>
            public void Reset() => _entries.Reset();

            /// <inheritdoc/>
            public readonly void Dispose()
            {
            }
        }
    }

    /// <summary>The values of a dictionary.</summary>
    public readonly partial struct ValueCollection : IReadOnlyCollection<TValue>
    {
        private readonly NativeDictionary<TKey, TValue, TAllocator> _dictionary;

        internal ValueCollection(NativeDictionary<TKey, TValue, TAllocator> dictionary) =>
            _dictionary = dictionary;

        /// <inheritdoc/>
        public int Count => _dictionary.Count;

        /// <inheritdoc cref="IEnumerable{T}.GetEnumerator"/>
        public Enumerator GetEnumerator() => new(_dictionary);

        /// <inheritdoc/>
        IEnumerator<TValue> IEnumerable<TValue>.GetEnumerator() => GetEnumerator();

        /// <inheritdoc/>
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <summary>Enumerates the values.</summary>
        public struct Enumerator : IEnumerator<TValue>
        {
            private NativeDictionary<TKey, TValue, TAllocator>.Enumerator _entries;

            internal Enumerator(NativeDictionary<TKey, TValue, TAllocator> dictionary) =>
                _entries = dictionary.GetEnumerator();

            /// <inheritdoc/>
            public readonly TValue Current => _entries.Value;

            /// <inheritdoc/>
            readonly object IEnumerator.Current => Current;

            /// <inheritdoc/>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public bool MoveNext() => _entries.MoveNext();

            /// <inheritdoc/>
            public void Reset() => _entries.Reset();

            /// <inheritdoc/>
            public readonly void Dispose()
            {
            }
        }
    }
}
