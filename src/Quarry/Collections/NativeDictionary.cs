using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// The BCL's <see cref="Dictionary{TKey,TValue}"/> in memory of an allocator: no object of the garbage
/// collector, gone at once.
/// </summary>
/// <remarks>
/// <para>
/// The struct is a handle of 16 bytes; its copies are the same dictionary. Dispose it once, by any of them;
/// again does no harm. Any other use after that throws <see cref="ObjectDisposedException"/>. Keys and values
/// are not disposed. Many threads may read at once, or one may write.
/// </para>
/// <para>
/// Keys and values are unmanaged: the garbage collector does not look into this memory, so a reference kept
/// here would not keep its object alive. A key type should implement <see cref="IEquatable{T}"/> and override
/// <see cref="object.GetHashCode"/>, as for the BCL's; without, each comparison boxes it. Another comparison
/// than the type's own is a type parameter of the key, see <see cref="HashedBy{T,TComparer}"/>.
/// </para>
/// <para>
/// One block holds all entries. Each takes 8 bytes on top of key, value and padding, 4 less than the BCL's.
/// Finding, adding and removing take constant time for keys whose hash codes differ; when the block is full,
/// it is replaced by one at least twice as large. Nothing defends against keys chosen to have the same hash
/// code.
/// </para>
/// </remarks>
/// <typeparam name="TKey">The keys.</typeparam>
/// <typeparam name="TValue">The values.</typeparam>
/// <typeparam name="TAllocator">The type of the allocator. Dispose the dictionary first.</typeparam>
[DebuggerDisplay("{DebuggerText,nq}")]
[DebuggerTypeProxy(typeof(EntriesDebugView<,,>))]
[CollectionBuilder(typeof(NativeDictionary), nameof(NativeDictionary.Create))]
public readonly unsafe partial struct NativeDictionary<TKey, TValue, TAllocator> : IDisposable
    where TKey : unmanaged
    where TValue : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private readonly HashCollection<TKey, HashPair<TKey, TValue>, TAllocator> _items;

    /// <summary>Creates an empty dictionary.</summary>
    /// <param name="allocator">The allocator of the memory.</param>
    /// <param name="capacity">The initial capacity.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeDictionary(TAllocator allocator, int capacity = 0) => _items = new(allocator, capacity);

    /// <summary>Initializes a dictionary with entries; the last one of equal keys counts.</summary>
    /// <param name="allocator">The allocator of the memory.</param>
    /// <param name="entries">The entries.</param>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeDictionary(TAllocator allocator, ReadOnlySpan<KeyValuePair<TKey, TValue>> entries)
        : this(allocator, entries.Length)
    {
        foreach (KeyValuePair<TKey, TValue> entry in entries)
        {
            this[entry.Key] = entry.Value;
        }
    }

    private NativeDictionary(HashCollection<TKey, HashPair<TKey, TValue>, TAllocator> items) =>
        _items = items;

    /// <summary>Tries to create an empty dictionary.</summary>
    /// <param name="allocator">The allocator of the memory.</param>
    /// <param name="capacity">The initial capacity.</param>
    /// <param name="dictionary">The dictionary, or the default value.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public static bool TryCreate(
        TAllocator allocator, int capacity, out NativeDictionary<TKey, TValue, TAllocator> dictionary)
    {
        bool created = HashCollection<TKey, HashPair<TKey, TValue>, TAllocator>.TryCreate(
            allocator, capacity, out HashCollection<TKey, HashPair<TKey, TValue>, TAllocator> items);
        dictionary = new NativeDictionary<TKey, TValue, TAllocator>(items);
        return created;
    }

    /// <summary>Gets a value that indicates whether the dictionary was created and not disposed.</summary>
    public bool IsAlive => _items.IsAlive;

    /// <summary>Gets the allocator that provides the memory of the dictionary.</summary>
    public TAllocator Allocator => _items.Allocator;

    /// <summary>Gets the number of entries.</summary>
    public int Count => _items.Table->Count;

    /// <summary>Gets the number of entries that fit without allocating.</summary>
    public int Capacity => _items.Table->Capacity;

    /// <summary>The value of a key. Setting it adds the key, if it is not there.</summary>
    /// <exception cref="KeyNotFoundException">There is no such key to get the value of.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The key is new and the allocator cannot serve a larger block; the dictionary is unchanged.
    /// </exception>
    public TValue this[TKey key]
    {
        get
        {
            HashPair<TKey, TValue>* pair = _items.Table->Find(key);
            if (pair == null)
            {
                ThrowNotFound(key);
            }

            return pair->Value;
        }

        set => _items.FindOrAdd(key, out _)->Value = value;
    }

    /// <summary>Adds a key that is not there.</summary>
    /// <exception cref="ArgumentException">The key is there already.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve a larger block; the dictionary is unchanged. After
    /// <see cref="TryEnsureCapacity"/>, this cannot happen.
    /// </exception>
    public void Add(TKey key, TValue value)
    {
        if (!TryAdd(key, value))
        {
            ThrowDuplicate(key);
        }
    }

    /// <summary>Adds a key, unless it is there already.</summary>
    /// <returns>False if it is; its value stays.</returns>
    /// <exception cref="OutOfMemoryException">As for <see cref="Add"/>.</exception>
    public bool TryAdd(TKey key, TValue value)
    {
        HashPair<TKey, TValue>* pair = _items.FindOrAdd(key, out bool exists);
        if (!exists)
        {
            pair->Value = value;
        }

        return !exists;
    }

    /// <summary>The value of a key, or the default value.</summary>
    /// <returns>False if the key is missing.</returns>
    public bool TryGetValue(TKey key, out TValue value)
    {
        HashPair<TKey, TValue>* pair = _items.Table->Find(key);
        value = pair != null ? pair->Value : default;
        return pair != null;
    }

    /// <summary>Determines whether the dictionary contains a key.</summary>
    public bool ContainsKey(TKey key) => _items.Table->Find(key) != null;

    /// <summary>Determines whether any key has the value, by reading all entries.</summary>
    public bool ContainsValue(TValue value)
    {
        foreach (TValue held in Values)
        {
            if (EqualityComparer<TValue>.Default.Equals(held, value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The value of a key, where it lies; a null reference if the key is not there.</summary>
    /// <remarks>The reference is void once anything is added, or the dictionary is resized.</remarks>
    public ref TValue GetValueRefOrNullRef(TKey key)
    {
        HashPair<TKey, TValue>* pair = _items.Table->Find(key);
        return ref pair != null ? ref pair->Value : ref Unsafe.NullRef<TValue>();
    }

    /// <summary>
    /// The value of a key, where it lies; the key is added with the default value if it is not there.
    /// </summary>
    /// <remarks>The reference is void once anything is added, or the dictionary is resized.</remarks>
    /// <exception cref="OutOfMemoryException">As for <see cref="Add"/>.</exception>
    public ref TValue GetValueRefOrAddDefault(TKey key, out bool exists)
    {
        HashPair<TKey, TValue>* pair = _items.FindOrAdd(key, out exists);
        if (!exists)
        {
            pair->Value = default;
        }

        return ref pair->Value;
    }

    /// <summary>Removes a key. Allowed while enumerating.</summary>
    /// <returns>False if it is missing.</returns>
    public bool Remove(TKey key) => _items.Table->Remove(key, out _);

    /// <summary>
    /// Removes a key and returns its value, or the default value. Allowed while enumerating.
    /// </summary>
    /// <returns>False if it is missing.</returns>
    public bool Remove(TKey key, out TValue value)
    {
        bool removed = _items.Table->Remove(key, out HashPair<TKey, TValue> pair);
        value = pair.Value;
        return removed;
    }

    /// <summary>Removes all entries. The capacity stays; see <see cref="TrimExcess()"/>.</summary>
    public void Clear() => _items.Table->Clear();

    /// <summary>Ensures that the capacity is at least the specified number of entries.</summary>
    /// <returns>The new capacity.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">
    /// The allocator cannot serve the block; the dictionary is unchanged.
    /// </exception>
    public int EnsureCapacity(int capacity) => _items.EnsureCapacity(capacity);

    /// <summary>Ensures a capacity, up to which adding entries cannot fail.</summary>
    /// <returns>False, and the dictionary unchanged, if the allocator cannot serve the block.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public bool TryEnsureCapacity(int capacity) => _items.TryEnsureCapacity(capacity);

    /// <summary>Frees memory that the entries do not need.</summary>
    /// <remarks>Does nothing if the allocator cannot make the block smaller.</remarks>
    public void TrimExcess() => TrimExcess(Count);

    /// <summary>Frees memory that the specified number of entries does not need.</summary>
    /// <remarks>Does nothing if the allocator cannot make the block smaller.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is less than the count.</exception>
    public void TrimExcess(int capacity) => _items.TrimExcess(capacity);

    /// <summary>Frees all memory. Subsequent calls do nothing.</summary>
    public void Dispose() => _items.Dispose();

    [DoesNotReturn]
    private static void ThrowNotFound(TKey key) =>
        throw new KeyNotFoundException($"The key '{key}' is not in the dictionary.");

    [DoesNotReturn]
    private static void ThrowDuplicate(TKey key) =>
        throw new ArgumentException($"The key '{key}' is in the dictionary already.", nameof(key));

    private string DebuggerText => IsAlive ? $"Count = {Count}" : "not alive";
}
