using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>A <see cref="HashTable{TKey,TItem}"/> behind a handle, in memory of an allocator.</summary>
internal readonly unsafe struct HashCollection<TKey, TItem, TAllocator>
    where TKey : unmanaged
    where TItem : unmanaged, IHashItem<TItem, TKey>
    where TAllocator : unmanaged, IAllocator
{
    private readonly CollectionHandle<HashTable<TKey, TItem>, TAllocator> _handle;

    /// <summary>Makes an empty table with room for so many items.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    internal HashCollection(TAllocator allocator, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _handle = CollectionHandle<HashTable<TKey, TItem>, TAllocator>.Create(allocator);
        _handle.Body->Initialize();
        if (!TryEnsureCapacity(capacity))
        {
            Dispose();
            ThrowOutOfMemory(allocator, capacity);
        }
    }

    private HashCollection(CollectionHandle<HashTable<TKey, TItem>, TAllocator> handle) => _handle = handle;

    /// <summary>Makes an empty table with room for so many items, if the allocator can serve it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    internal static bool TryCreate(
        TAllocator allocator, int capacity, out HashCollection<TKey, TItem, TAllocator> collection)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        bool created = CollectionHandle<HashTable<TKey, TItem>, TAllocator>.TryCreate(
            allocator, out CollectionHandle<HashTable<TKey, TItem>, TAllocator> handle);
        collection = new HashCollection<TKey, TItem, TAllocator>(handle);
        if (created)
        {
            handle.Body->Initialize();
            created = collection.TryEnsureCapacity(capacity);
            if (!created)
            {
                collection.Dispose();
                collection = default;
            }
        }

        return created;
    }

    /// <summary>The table; valid until the collection is disposed.</summary>
    internal HashTable<TKey, TItem>* Table
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _handle.Body;
    }

    /// <summary>Whether the collection was created and not disposed.</summary>
    internal bool IsAlive => _handle.IsAlive;

    /// <summary>The allocator; only while the collection is there.</summary>
    internal TAllocator Allocator => _handle.Allocator;

    /// <summary>The item with the key, or a new one, undefined but for its key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TItem* FindOrAdd(TKey key, out bool exists)
    {
        TItem* item = Table->FindOrAdd(key, out exists);
        return item != null ? item : AddSlow(key);
    }

    internal int EnsureCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        if (!TryEnsureCapacity(capacity))
        {
            ThrowOutOfMemory(Allocator, capacity);
        }

        return Table->Capacity;
    }

    internal bool TryEnsureCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        HashTable<TKey, TItem>* table = Table;
        return capacity <= table->Capacity
            || table->TryResize(Allocator, HashPrimes.AtLeast((uint)capacity));
    }

    internal void TrimExcess(int capacity)
    {
        HashTable<TKey, TItem>* table = Table;
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, table->Count);
        uint trimmed = HashPrimes.AtLeast((uint)capacity);
        if (capacity == 0)
        {
            table->Free(Allocator);
            table->Initialize();
        }
        else if (trimmed < (uint)table->Capacity)
        {
            _ = table->TryResize(Allocator, trimmed);
        }
    }

    internal void Dispose() => _handle.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private TItem* AddSlow(TKey key)
    {
        HashTable<TKey, TItem>* table = Table;
        uint capacity = table->NextCapacity;
        if (capacity == (uint)table->Capacity || !table->TryResize(Allocator, capacity))
        {
            Throw.Unserved(Allocator, HashTable<TKey, TItem>.LayoutOf(capacity));
        }

        return table->FindOrAdd(key, out _);
    }

    [DoesNotReturn]
    private static void ThrowOutOfMemory(TAllocator allocator, int capacity) =>
        Throw.Unserved(allocator, HashTable<TKey, TItem>.LayoutOf(HashPrimes.AtLeast((uint)capacity)));
}
