using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Look-up by something that equals a key, such as a span.</content>
public readonly unsafe partial struct NativeDictionary<TKey, TValue, TAllocator>
{
    /// <summary>
    /// Returns a view through which entries are found by something that equals their keys: the twin of
    /// <see cref="Dictionary{TKey,TValue}.GetAlternateLookup{TAlternateKey}"/>.
    /// </summary>
    /// <param name="comparer">
    /// The comparer. It must compute the hash code of an alternate as the keys compute theirs. It is called
    /// directly.
    /// </param>
    public AlternateLookup<TAlternate, TComparer> GetAlternateLookup<TAlternate, TComparer>(
        TComparer comparer = default)
        where TAlternate : allows ref struct
        where TComparer : struct, IAlternateEqualityComparer<TAlternate, TKey> => new(this, comparer);

    /// <summary>Finds, adds and removes entries by something that equals their keys.</summary>
    /// <typeparam name="TAlternate">The type that stands for a key.</typeparam>
    /// <typeparam name="TComparer">The comparer of the two.</typeparam>
    public readonly struct AlternateLookup<TAlternate, TComparer>
        where TAlternate : allows ref struct
        where TComparer : struct, IAlternateEqualityComparer<TAlternate, TKey>
    {
        private readonly NativeDictionary<TKey, TValue, TAllocator> _dictionary;
        private readonly TComparer _comparer;

        internal AlternateLookup(NativeDictionary<TKey, TValue, TAllocator> dictionary, TComparer comparer)
        {
            _dictionary = dictionary;
            _comparer = comparer;
        }

        /// <summary>Gets the dictionary.</summary>
        public NativeDictionary<TKey, TValue, TAllocator> Dictionary => _dictionary;

        /// <summary>Gets or sets the value of a key. Setting it adds the key if it is missing.</summary>
        /// <exception cref="KeyNotFoundException">There is no such key to get the value of.</exception>
        /// <exception cref="OutOfMemoryException">As for <see cref="Add"/>.</exception>
        public TValue this[TAlternate key]
        {
            get
            {
                HashPair<TKey, TValue>* pair = Find(key);
                return pair != null
                    ? pair->Value
                    : throw new KeyNotFoundException("The key is not in the dictionary.");
            }

            set => GetValueRefOrAddDefault(key, out _) = value;
        }

        /// <summary>Determines whether a key is in the dictionary.</summary>
        public bool ContainsKey(TAlternate key) => Find(key) != null;

        /// <summary>Gets the value of a key, or the default value.</summary>
        /// <returns><see langword="false"/> if the key is missing.</returns>
        public bool TryGetValue(TAlternate key, out TValue value)
        {
            HashPair<TKey, TValue>* pair = Find(key);
            value = pair != null ? pair->Value : default;
            return pair != null;
        }

        /// <summary>
        /// Returns a reference to the value of a key, or a null reference. It is valid until an entry is
        /// added or the dictionary is resized.
        /// </summary>
        public ref TValue GetValueRefOrNullRef(TAlternate key)
        {
            HashPair<TKey, TValue>* pair = Find(key);
            return ref pair != null ? ref pair->Value : ref Unsafe.NullRef<TValue>();
        }

        /// <summary>
        /// Returns a reference to the value of a key, which is added with the default value if it is missing:
        /// the comparer creates it.
        /// </summary>
        /// <exception cref="OutOfMemoryException">As for <see cref="Add"/>.</exception>
        public ref TValue GetValueRefOrAddDefault(TAlternate key, out bool exists)
        {
            HashPair<TKey, TValue>* pair = Find(key);
            exists = pair != null;
            return ref exists
                ? ref pair->Value
                : ref _dictionary.GetValueRefOrAddDefault(_comparer.Create(key), out exists);
        }

        /// <summary>Adds a key, unless it is in the dictionary. The comparer creates it.</summary>
        /// <returns><see langword="false"/> if it is; its value stays.</returns>
        /// <exception cref="OutOfMemoryException">
        /// The allocator cannot serve a larger block, or the comparer cannot create the key; the dictionary
        /// is unchanged.
        /// </exception>
        public bool TryAdd(TAlternate key, TValue value)
        {
            ref TValue place = ref GetValueRefOrAddDefault(key, out bool exists);
            if (!exists)
            {
                place = value;
            }

            return !exists;
        }

        /// <summary>Removes a key.</summary>
        /// <returns><see langword="false"/> if it is missing.</returns>
        public bool Remove(TAlternate key) => Remove(key, out _, out _);

        /// <summary>Removes a key, and returns it with its value.</summary>
        /// <returns><see langword="false"/> if it is missing.</returns>
        public bool Remove(TAlternate key, out TKey actualKey, out TValue value)
        {
            HashPair<TKey, TValue>* pair = Find(key);
            actualKey = pair != null ? pair->Key : default;
            value = default;
            return pair != null && _dictionary.Remove(actualKey, out value);
        }

        private HashPair<TKey, TValue>* Find(TAlternate key) =>
            _dictionary._items.Table->Find(key, _comparer);
    }
}
