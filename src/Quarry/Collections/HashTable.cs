using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Quarry;

/// <summary>The table behind <c>NativeDictionary</c> and <c>NativeHashSet</c>.</summary>
/// <remarks>
/// <para>
/// Chained, as the BCL's tables: a bucket holds the number of its first entry, an entry that of the next one.
/// Entries lie in the order they were added and keep their place until the table is resized, so enumerating
/// is a walk over an array, and removing does not disturb it. The bucket is the hash code modulo a prime, so
/// keys that follow each other fall into buckets that do. Multiplying by the golden ratio instead, and open
/// addressing with tagged words, were measured: a million consecutive keys take four times as long to find
/// there. Open addressing finds random ones in two thirds of the time, but needs tombstones.
/// </para>
/// <para>
/// The remainder is found by two multiplications: Lemire, Kaser and Kurz, "Faster remainder by direct
/// computation", Software: Practice and Experience 49(6), 2019.
/// </para>
/// <para>
/// Nothing defends against keys chosen to have the same hash code, as in the BCL for keys of value types.
/// </para>
/// </remarks>
/// <typeparam name="TKey">What items are found by.</typeparam>
/// <typeparam name="TItem">What an entry holds, the key included.</typeparam>
internal unsafe partial struct HashTable<TKey, TItem> : ICollectionBody
    where TKey : unmanaged
    where TItem : unmanaged, IHashItem<TItem, TKey>
{
    private uint* _buckets;

    // From 1, as 0 ends a chain: the block of the table begins at the entry after this one.
    private HashEntry<TItem>* _entries;

    // 2^64 / capacity, rounded up.
    private ulong _multiplier;

    // As many buckets as entries.
    private ulong _capacity;

    // So many entries from the first on were in use at some time; those that are free now form a list.
    private uint _used;
    private uint _firstFree;

    // The only bucket of a table without memory.
    private uint _noBucket;

    /// <inheritdoc/>
    public static string TypeName => TItem.CollectionName;

    /// <summary>The number of items.</summary>
    internal int Count { get; private set; }

    /// <summary>The number of items that there is room for.</summary>
    internal readonly int Capacity => (int)_capacity;

    /// <summary>The entries, from 1 on.</summary>
    internal readonly HashEntry<TItem>* Entries => _entries;

    /// <summary>The number of entries that are in use, or were at some time.</summary>
    internal readonly uint UsedEntries => _used;

    /// <summary>Changes when an enumeration that is under way may become invalid.</summary>
    internal int Version { get; private set; }

    /// <summary>The item with the key; null if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly TItem* Find(TKey key)
    {
        HashEntry<TItem>* entries = _entries;
        uint number = *BucketOf(key);
        while (number != 0)
        {
            HashEntry<TItem>* entry = entries + number;
            if (Has(entry, key))
            {
                return &entry->Item;
            }

            number = entry->Next;
        }

        return null;
    }

    /// <summary>The item with the key, or a new one, undefined but for its key.</summary>
    /// <returns>Null if it is not there and the table is full.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TItem* FindOrAdd(TKey key, out bool exists)
    {
        HashEntry<TItem>* entries = _entries;
        HashEntry<TItem>* entry;
        uint* bucket = BucketOf(key);
        uint number = *bucket;
        while (number != 0)
        {
            entry = entries + number;
            if (Has(entry, key))
            {
                exists = true;
                return &entry->Item;
            }

            number = entry->Next;
        }

        exists = false;
        number = _firstFree;
        entry = entries + number;
        if (number != 0)
        {
            _firstFree = entry->Next & ~HashEntry<TItem>.FreeBit;
        }
        else if (_used < _capacity)
        {
            number = ++_used;
            entry = entries + number;
        }
        else
        {
            return null;
        }

        entry->Next = *bucket;
        *bucket = number;
        *TItem.KeyOf(&entry->Item) = key;
        Count++;
        Invalidate();
        return &entry->Item;
    }

    /// <summary>Takes the item with the key out.</summary>
    /// <returns>False if there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Remove(TKey key, out TItem removed)
    {
        HashEntry<TItem>* entries = _entries;
        uint* link = BucketOf(key);
        for (uint number = *link; number != 0; number = *link)
        {
            HashEntry<TItem>* entry = entries + number;
            if (Has(entry, key))
            {
                *link = entry->Next;
                removed = entry->Item;
                entry->Next = _firstFree | HashEntry<TItem>.FreeBit;
                _firstFree = number;
                Count--;
                return true;
            }

            link = &entry->Next;
        }

        removed = default;
        return false;
    }

    /// <summary>Takes all items out. The memory stays.</summary>
    internal void Clear()
    {
        if (_used != 0)
        {
            Memory.Clear(_buckets, (nuint)_capacity * sizeof(uint));
            _used = 0;
            _firstFree = 0;
            Count = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Has(HashEntry<TItem>* entry, TKey key) =>
        EqualityComparer<TKey>.Default.Equals(*TItem.KeyOf(&entry->Item), key);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly uint* BucketOf(TKey key) => BucketOf(key, _buckets, _multiplier, _capacity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint* BucketOf(TKey key, uint* buckets, ulong multiplier, ulong capacity)
    {
        uint hash = (uint)EqualityComparer<TKey>.Default.GetHashCode(key);
        return buckets + HighProduct(multiplier * hash, capacity);
    }

    // Math.BigMul stores the half that nobody wants.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HighProduct(ulong left, ulong right) => Bmi2.X64.IsSupported
        ? Bmi2.X64.MultiplyNoFlags(left, right)
        : Math.BigMul(left, right, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Invalidate()
    {
        if (Checks.Enabled)
        {
            Version++;
        }
    }
}
