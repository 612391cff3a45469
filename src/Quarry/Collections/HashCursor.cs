using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Where an enumeration of a hash table stands.</summary>
internal unsafe struct HashCursor<TKey, TItem, TAllocator>
    where TKey : unmanaged
    where TItem : unmanaged, IHashItem<TItem, TKey>
    where TAllocator : unmanaged, IAllocator
{
    private readonly HashCollection<TKey, TItem, TAllocator> _collection;
    private readonly int _version;
    private readonly uint _end;
    private uint _number;

    internal HashCursor(HashCollection<TKey, TItem, TAllocator> collection)
    {
        _collection = collection;
        _version = collection.Table->Version;
        _end = collection.Table->UsedEntries;
    }

    /// <summary>
    /// Goes to the next item and copies it, as its place may be gone by the time it is read.
    /// </summary>
    /// <exception cref="InvalidOperationException">Checks are on, and something was added.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool MoveNext(ref TItem current)
    {
        HashTable<TKey, TItem>* table = _collection.Table;
        if (Checks.Enabled && table->Version != _version)
        {
            ThrowChanged();
        }

        // Entries that are added meanwhile are behind the end, so a loop that adds some ends. A table that
        // was cleared or resized may have fewer.
        HashEntry<TItem>* entries = table->Entries;
        uint end = Math.Min(_end, table->UsedEntries);
        uint number = _number;
        while (number < end)
        {
            HashEntry<TItem>* entry = entries + ++number;
            if (entry->IsUsed)
            {
                current = entry->Item;
                _number = number;
                return true;
            }
        }

        _number = number;
        return false;
    }

    internal void Reset() => _number = 0;

    [DoesNotReturn]
    private static void ThrowChanged() => throw new InvalidOperationException(
        $"The {HashTable<TKey, TItem>.TypeName} was added to or resized while it was enumerated.");
}
