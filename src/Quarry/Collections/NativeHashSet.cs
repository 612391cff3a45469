using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// The BCL's <see cref="HashSet{T}"/> in memory of an allocator: no object of the garbage collector, gone at
/// once.
/// </summary>
/// <remarks>
/// <para>
/// The struct is a handle of 16 bytes; its copies are the same set. Dispose it once, by any of them; again
/// does no harm. Any other use after that throws <see cref="ObjectDisposedException"/>. Many threads may
/// read at once, or one may write.
/// </para>
/// <para>
/// Elements are unmanaged: the garbage collector does not look into this memory. Their type should implement
/// <see cref="IEquatable{T}"/> and override <see cref="object.GetHashCode"/>, as for the BCL's; without, each
/// comparison boxes. Another comparison than the type's own is a type parameter of the element, see
/// <see cref="HashedBy{T,TComparer}"/>.
/// </para>
/// <para>
/// One block holds all elements. Each takes 8 bytes on top of itself and padding, 4 less than in the BCL's.
/// Finding, adding and removing take constant time for elements whose hash codes differ; when the block is
/// full, it is replaced by one at least twice as large. Nothing defends against elements chosen to have the
/// same hash code.
/// </para>
/// </remarks>
/// <typeparam name="T">The elements.</typeparam>
/// <typeparam name="TAllocator">The type of the allocator. Dispose the set first.</typeparam>
[DebuggerDisplay("{DebuggerText,nq}")]
[DebuggerTypeProxy(typeof(ElementsDebugView<,>))]
[CollectionBuilder(typeof(NativeHashSet), nameof(NativeHashSet.Create))]
public readonly unsafe partial struct NativeHashSet<T, TAllocator> : IReadOnlySet<T>, IDisposable
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private readonly HashCollection<T, HashElement<T>, TAllocator> _items;

    /// <summary>Creates an empty set.</summary>
    /// <param name="allocator">The allocator of the memory.</param>
    /// <param name="capacity">The initial capacity.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeHashSet(TAllocator allocator, int capacity = 0) => _items = new(allocator, capacity);

    /// <summary>Initializes a set with elements; equal ones are added once.</summary>
    /// <param name="allocator">The allocator of the memory.</param>
    /// <param name="items">The elements.</param>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeHashSet(TAllocator allocator, ReadOnlySpan<T> items) : this(allocator, items.Length) =>
        UnionWith(items);

    private NativeHashSet(HashCollection<T, HashElement<T>, TAllocator> items) => _items = items;

    /// <summary>Tries to create an empty set.</summary>
    /// <param name="allocator">The allocator of the memory.</param>
    /// <param name="capacity">The initial capacity.</param>
    /// <param name="set">The set, or the default value.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public static bool TryCreate(TAllocator allocator, int capacity, out NativeHashSet<T, TAllocator> set)
    {
        bool created = HashCollection<T, HashElement<T>, TAllocator>.TryCreate(
            allocator, capacity, out HashCollection<T, HashElement<T>, TAllocator> items);
        set = new NativeHashSet<T, TAllocator>(items);
        return created;
    }

    /// <summary>Gets a value that indicates whether the set was created and not disposed.</summary>
    public bool IsAlive => _items.IsAlive;

    /// <summary>Gets the allocator that provides the memory of the set.</summary>
    public TAllocator Allocator => _items.Allocator;

    /// <summary>Gets the number of elements.</summary>
    public int Count => _items.Table->Count;

    /// <summary>Gets the number of elements that fit without allocating.</summary>
    public int Capacity => _items.Table->Capacity;

    /// <summary>Adds an element, unless it is there already.</summary>
    /// <returns>False if it is.</returns>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve a larger block; the set is unchanged. After
    /// <see cref="TryEnsureCapacity"/>, this cannot happen.
    /// </exception>
    public bool Add(T item)
    {
        _ = _items.FindOrAdd(item, out bool exists);
        return !exists;
    }

    /// <summary>Determines whether the set contains an element.</summary>
    public bool Contains(T item) => _items.Table->Find(item) != null;

    /// <summary>The element of the set that equals the given one, or the default value.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryGetValue(T equalValue, out T actualValue)
    {
        HashElement<T>* item = _items.Table->Find(equalValue);
        actualValue = item != null ? item->Value : default;
        return item != null;
    }

    /// <summary>Removes an element. Allowed while enumerating.</summary>
    /// <returns>False if it is missing.</returns>
    public bool Remove(T item) => _items.Table->Remove(item, out _);

    /// <summary>Removes the elements that match.</summary>
    /// <returns>The number of elements removed.</returns>
    public int RemoveWhere(Predicate<T> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        int before = Count;
        foreach (T item in this)
        {
            if (match(item))
            {
                _ = Remove(item);
            }
        }

        return before - Count;
    }

    /// <summary>Removes all elements. The capacity stays; see <see cref="TrimExcess()"/>.</summary>
    public void Clear() => _items.Table->Clear();

    /// <summary>Copies the elements, in the order of their enumeration.</summary>
    /// <exception cref="ArgumentException">There is no room for all of them.</exception>
    public void CopyTo(Span<T> destination)
    {
        if (destination.Length < Count)
        {
            throw new ArgumentException(
                $"{Count} elements do not fit into {destination.Length}.", nameof(destination));
        }

        int copied = 0;
        foreach (T item in this)
        {
            destination[copied++] = item;
        }
    }

    /// <summary>Ensures that the capacity is at least the specified number of elements.</summary>
    /// <returns>The new capacity.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the block; the set is unchanged.
    /// </exception>
    public int EnsureCapacity(int capacity) => _items.EnsureCapacity(capacity);

    /// <summary>Ensures a capacity, up to which adding elements cannot fail.</summary>
    /// <returns>False, and the set unchanged, if the allocator cannot serve the block.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public bool TryEnsureCapacity(int capacity) => _items.TryEnsureCapacity(capacity);

    /// <summary>Frees memory that the elements do not need.</summary>
    /// <remarks>Does nothing if the allocator cannot make the block smaller.</remarks>
    public void TrimExcess() => TrimExcess(Count);

    /// <summary>Frees memory that the specified number of elements does not need.</summary>
    /// <remarks>Does nothing if the allocator cannot make the block smaller.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is less than the count.</exception>
    public void TrimExcess(int capacity) => _items.TrimExcess(capacity);

    /// <summary>Frees all memory. Does nothing if that was done before.</summary>
    public void Dispose() => _items.Dispose();

    private string DebuggerText => IsAlive ? $"Count = {Count}" : "not alive";

    /// <summary>
    /// Enumerates the elements: in the order they were added, except that a new one may take the place of one
    /// that was removed.
    /// </summary>
    /// <remarks>
    /// Elements may be removed meanwhile. If some are added, the checked library throws; otherwise each may
    /// come, or not, and the others do.
    /// </remarks>
    public Enumerator GetEnumerator() => new(this);

    /// <inheritdoc/>
    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Enumerates the elements.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private HashCursor<T, HashElement<T>, TAllocator> _cursor;
        private HashElement<T> _current;

        internal Enumerator(NativeHashSet<T, TAllocator> set) =>
            _cursor = new HashCursor<T, HashElement<T>, TAllocator>(set._items);

        /// <inheritdoc/>
        public readonly T Current => _current.Value;

        /// <inheritdoc/>
        readonly object IEnumerator.Current => Current;

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
}
