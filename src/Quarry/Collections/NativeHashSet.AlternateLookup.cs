using System.Collections.Generic;

namespace Quarry;

/// <content>Look-up by something that equals an element, such as a span.</content>
public readonly unsafe partial struct NativeHashSet<T, TAllocator>
{
    /// <summary>
    /// Returns a view through which elements are found by something that equals them: the twin of
    /// <see cref="HashSet{T}.GetAlternateLookup{TAlternate}"/>.
    /// </summary>
    /// <param name="comparer">
    /// The comparer. It must compute the hash code of an alternate as the elements compute theirs. It is
    /// called directly.
    /// </param>
    public AlternateLookup<TAlternate, TComparer> GetAlternateLookup<TAlternate, TComparer>(
        TComparer comparer = default)
        where TAlternate : allows ref struct
        where TComparer : struct, IAlternateEqualityComparer<TAlternate, T> => new(this, comparer);

    /// <summary>Finds, adds and removes elements by something that equals them.</summary>
    /// <typeparam name="TAlternate">The type that stands for an element.</typeparam>
    /// <typeparam name="TComparer">The comparer of the two.</typeparam>
    public readonly struct AlternateLookup<TAlternate, TComparer>
        where TAlternate : allows ref struct
        where TComparer : struct, IAlternateEqualityComparer<TAlternate, T>
    {
        private readonly TComparer _comparer;

        internal AlternateLookup(NativeHashSet<T, TAllocator> set, TComparer comparer)
        {
            Set = set;
            _comparer = comparer;
        }

        /// <summary>Gets the set.</summary>
        public NativeHashSet<T, TAllocator> Set { get; }

        /// <summary>Adds an element, unless it is in the set. The comparer creates it.</summary>
        /// <returns><see langword="false"/> if it is.</returns>
        /// <exception cref="System.OutOfMemoryException">
        /// The allocator cannot serve a larger block, or the comparer cannot create the element.
        /// </exception>
        public bool Add(TAlternate item) => !Contains(item) && Set.Add(_comparer.Create(item));

        /// <summary>Determines whether an element is in the set.</summary>
        public bool Contains(TAlternate item) => Find(item) != null;

        /// <summary>Gets the element that equals the alternate, or the default value.</summary>
        /// <returns><see langword="false"/> if there is none.</returns>
        public bool TryGetValue(TAlternate equalValue, out T actualValue)
        {
            HashElement<T>* item = Find(equalValue);
            actualValue = item != null ? item->Value : default;
            return item != null;
        }

        /// <summary>Removes an element.</summary>
        /// <returns><see langword="false"/> if it is missing.</returns>
        public bool Remove(TAlternate item) => TryGetValue(item, out T actual) && Set.Remove(actual);

        private HashElement<T>* Find(TAlternate item) => Set._items.Table->Find(item, _comparer);
    }
}
